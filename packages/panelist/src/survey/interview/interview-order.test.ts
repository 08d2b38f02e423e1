import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatRequest } from '../../models/chat-model.ts';
import type { Interview } from '../answer.ts';
import { importSurveyJs } from '../import/import-surveyjs.ts';
import type { Questionnaire } from '../questionnaire.ts';
import { interview } from './interview.ts';
import type { InterviewOptions } from './interview-options.ts';

const survey = importSurveyJs({
  pages: [
    {
      questionOrder: 'random',
      elements: [
        {
          type: 'radiogroup',
          name: 'drink',
          isRequired: true,
          choices: ['Tea', 'Milk', 'Juice'],
          showOtherItem: true,
          showNoneItem: true,
        },
        { type: 'html', name: 'h', html: 'About taste.' },
        {
          type: 'radiogroup',
          name: 'likes',
          isRequired: true,
          choices: ['Very good', 'Good', 'Fair', 'Poor', "Don't know"],
        },
        {
          type: 'rating',
          name: 'stars',
          isRequired: true,
          rateMax: 5,
          minRateDescription: 'Awful',
          maxRateDescription: 'Great',
        },
        {
          type: 'matrix',
          name: 'grid',
          eachRowRequired: true,
          rowOrder: 'random',
          columns: ['Red', 'Green', 'Blue'],
          rows: ['Wall', 'Door', 'Roof'],
        },
      ],
    },
  ],
});

/** Takes the first that is offered, whatever it is. */
function firstOffered(): ChatModel & { readonly requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    id: 'test/first',
    requests,
    async reply(request) {
      requests.push(request);
      const properties = request.replySchema?.schema.properties as Record<
        string,
        { enum: readonly unknown[] }
      >;
      const reply = Object.entries(properties).map(([key, { enum: offered }]) => [key, offered?.[0] ?? 1]);
      return {
        text: JSON.stringify(Object.fromEntries(reply)),
        finishReason: 'stop',
        returnedModel: 'm',
        inputTokens: 1,
        outputTokens: 1,
        elapsedMs: 1,
      };
    },
  };
}

async function run(id: string, options: Partial<InterviewOptions> = {}, of: Questionnaire = survey) {
  const model = firstOffered();
  const result = await interview(of, { id, persona: { age: '40' } }, model, {
    signal: new AbortController().signal,
    randomizeOptions: true,
    orderSeed: '7',
    ...options,
  });
  return { result, requests: model.requests, prompt: model.requests[0]?.messages[1]?.content ?? '' };
}

const people = Array.from({ length: 400 }, (_, index) => `P${index}`);
const shown = ({ answers }: Interview, name: string) =>
  answers.find(({ question }) => question === name)?.shownOptions ?? [];

describe('the displayed order', () => {
  it('is byte for byte the same for the same seed, and different for another', async () => {
    const [first, again, other, replicate] = await Promise.all([
      run('P1'),
      run('P1'),
      run('P1', { orderSeed: '8' }),
      run('P1', { replicate: 1 }),
    ]);
    expect(JSON.stringify(again.requests)).toBe(JSON.stringify(first.requests));
    expect(other.prompt).not.toBe(first.prompt);
    expect(replicate.prompt).not.toBe(first.prompt);
    // A change here makes every randomised survey miss its kept answers.
    expect(shown(first.result, 'drink')).toEqual(['Tea', 'Juice', 'Milk', 'none', 'other']);
  });

  it('puts options in every position, and leaves those with a role last', async () => {
    const firsts = new Map<unknown, number>();
    for (const id of people) {
      const options = shown((await run(id)).result, 'drink');
      expect(options.slice(3)).toEqual(['none', 'other']);
      firsts.set(options[0], (firsts.get(options[0]) ?? 0) + 1);
    }
    expect(firsts.size).toBe(3);
    for (const count of firsts.values()) expect(Math.abs(count - 400 / 3)).toBeLessThan(45);
  });

  it('reverses a scale for half of the respondents, and never shuffles it', async () => {
    const orders = new Map<string, number>();
    for (const id of people) {
      const order = shown((await run(id)).result, 'likes').join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual([
      "Poor,Fair,Good,Very good,Don't know",
      "Very good,Good,Fair,Poor,Don't know",
    ]);
    for (const count of orders.values()) expect(Math.abs(count - 200)).toBeLessThan(50);
  });

  it('shuffles a list that is coded 1, 2, 3; tasks without an order rule reverse it, as earlier versions did', async () => {
    const coded = [
      { value: 1, text: 'Coca-Cola' },
      { value: 2, text: 'Pepsi' },
      { value: 3, text: 'Fanta' },
    ];
    const list = importSurveyJs({ elements: [{ type: 'radiogroup', name: 'drink', choices: coded }] });
    const orders = async (options: Partial<InterviewOptions>) => {
      const all = people
        .slice(0, 60)
        .map(async (id) => shown((await run(id, options, list)).result, 'drink').join());
      return [...new Set(await Promise.all(all))].sort();
    };
    expect(await orders({ orderRule: 'measurement' })).toHaveLength(6);
    expect(await orders({})).toEqual(['1,2,3', '3,2,1']);
  });

  it('labels the ends of a reversed scale correctly', async () => {
    const prompts = await Promise.all(people.slice(0, 20).map(async (id) => (await run(id)).prompt));
    const lines = prompts.map((prompt) => /Choose one number: (.*)/.exec(prompt)?.[1]);
    expect(new Set(lines)).toEqual(
      new Set(['1 (Awful), 2, 3, 4, 5 (Great)', '5 (Great), 4, 3, 2, 1 (Awful)']),
    );
  });

  it('is the same for all rows of a grid, whose rows are shuffled', async () => {
    const rowOrders = new Set<string>();
    for (const id of people.slice(0, 60)) {
      const { result, prompt } = await run(id);
      const orders = ['Wall', 'Door', 'Roof'].map((row) => shown(result, `grid.${row}`).join());
      expect(new Set(orders).size).toBe(1);
      expect(prompt).toMatch(
        /(?:^|\n)grid\nFor each of the next 3 choose one:\n(?: {2}- \w+\n){3}q\d\. \w+\nq\d\. \w+\nq\d\. \w+/,
      );
      rowOrders.add(result.askedOrder.filter((name) => name.startsWith('grid.')).join());
    }
    expect(rowOrders.size).toBe(6);
  });

  it('keeps a note before its question', async () => {
    for (const id of people.slice(0, 40)) expect((await run(id)).prompt).toMatch(/About taste\.\nq3\. likes/);
  });

  it("is the file's by default", async () => {
    const plain = importSurveyJs({ elements: [{ type: 'radiogroup', name: 'a', choices: ['x', 'y', 'z'] }] });
    for (const id of people.slice(0, 20))
      expect(shown((await run(id, { randomizeOptions: false }, plain)).result, 'a')).toEqual(['x', 'y', 'z']);
  });
});
