import { TaskManager } from '@panelist/toolkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SURVEY_JOB, type SurveyTaskParams } from '../survey/survey-task.ts';
import { readGroup } from './history.ts';
import { runFocusGroup } from './run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people, type Replies } from './testing/build-group.ts';
import type { Transcript } from './transcript.ts';
import { transcriptOf } from './transcript.ts';
import { GroupStopped } from './turns/run-turn.ts';

/** Says who they are and what they were asked, as a persona would not. */
const echo: Replies = ({ name, message }) => `I am ${name} and heard “${message}”.`;

async function run(guide = guideOf(), replies: Replies = echo, tasks = new TaskManager()) {
  const model = groupModel(replies);
  const runner = groupRunner(model, tasks);
  const result = await runFocusGroup(guide, { runner, focusGroupId: 'lunch', audience: people });
  return { model, runner, ...result };
}

function textsOf({ replies }: Transcript['rounds'][number]): (string | null)[] {
  return replies.map((reply) => (reply.status === 'replied' ? reply.text : null));
}

/** Lets `count` other things go first. */
async function later(count: number): Promise<void> {
  for (let k = 0; k < count; k += 1) await null;
}

describe('a focus group by its guide', () => {
  it('asks every participant each message, and keeps the replies in the order of the participants', async () => {
    const { transcript, failed, model } = await run();
    expect(failed).toBe(0);
    expect(transcript.participants.map(({ name }) => name)).toEqual(['Ada', 'Bo', 'Cy']);
    expect(transcript.rounds.map(({ step, message }) => [step, message])).toEqual([
      ['round-1', 'What is for lunch?'],
      ['round-2', 'And tomorrow?'],
    ]);
    expect(transcript.rounds.flatMap(({ replies }) => replies.map(({ name }) => name))).toEqual([
      ...['Ada', 'Bo', 'Cy'],
      ...['Ada', 'Bo', 'Cy'],
    ]);
    expect(model.asked).toHaveLength(6);
    const reply = transcript.rounds[0]?.replies[0];
    expect(reply).toMatchObject({
      participantId: 'p1',
      status: 'replied',
      text: 'I am Ada and heard “What is for lunch?”.',
      words: 9,
      returnedModel: 'test-model-1',
      promptHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is asked nothing when it is run again after its end', async () => {
    const tasks = new TaskManager();
    const first = await run(guideOf(), echo, tasks);
    const again = await run(guideOf(), echo, tasks);
    expect(again.model.asked).toEqual([]);
    expect(again.transcript).toEqual(first.transcript);
  });

  it('refuses to go on as another group than it was begun as', async () => {
    const tasks = new TaskManager();
    await run(guideOf(), echo, tasks);
    await expect(run(guideOf({ seed: 2 }), echo, tasks)).rejects.toMatchObject({
      code: 'GROUP_CHANGED',
      message: expect.stringContaining('another seed'),
    });
  });

  it('is the same group wherever its files are', async () => {
    const tasks = new TaskManager();
    await run(guideOf({ $schema: 'a.json', participants: { audience: 'here/people.csv' } }), echo, tasks);
    const again = await run(guideOf({ participants: { audience: '/there/people.csv' } }), echo, tasks);
    expect(again.model.asked).toEqual([]);
  });

  it('tells everyone what was said before, and the same to all', async () => {
    const { model } = await run();
    const second = model.asked.filter(({ message }) => message === 'And tomorrow?');
    expect(second).toHaveLength(3);
    for (const { user, name } of second) {
      expect(user).toContain('Host: What is for lunch?\nAda: I am Ada');
      expect(user).toContain('Cy: I am Cy');
      expect(user).toContain(`What do you say, ${name}?`);
    }
    expect(new Set(second.map(({ user }) => user.replace(/What do you say.*/, ''))).size).toBe(1);
  });

  it('gives the same transcript whatever order simultaneous replies arrive in', async () => {
    const calm = await run();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { minLength: 6, maxLength: 6 }), async (delays) => {
        let call = 0;
        const { transcript } = await run(guideOf(), async (asked) => {
          await later(delays[call++] ?? 0);
          return echo(asked);
        });
        const ours = transcript.rounds.map(({ taskId: _, ...round }) => round);
        expect(ours).toEqual(calm.transcript.rounds.map(({ taskId: _, ...round }) => round));
      }),
      { numRuns: 25 },
    );
  });

  it('lets each hear those before, where they speak in turn, in an order that the seed draws', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 12; seed += 1) {
      const guide = guideOf({ seed, rounds: [{ message: 'Who are you?', mode: 'in-turn' }] });
      const { model, transcript } = await run(guide);
      const names = transcript.rounds[0]?.replies.map(({ name }) => name) as string[];
      orders.add(names.join());
      expect(model.asked.map(({ name }) => name)).toEqual(names);
      for (const [position, { user }] of model.asked.entries()) {
        const heard = names.filter((name) => user.includes(`\n${name}: I am ${name}`));
        expect(heard).toEqual(names.slice(0, position));
      }
    }
    expect(orders.size).toBeGreaterThan(2);
    expect(
      (await run(guideOf({ seed: 5, rounds: [{ message: 'Who?', mode: 'in-turn' }] }))).transcript.rounds[0]
        ?.mode,
    ).toBe('in-turn');
  });

  it('asks follow-ups of the speakers of their round', async () => {
    const rounds = [
      {
        message: 'One?',
        speakers: { where: "{diet} = 'vegan'" },
        followUps: ['Why?', { message: 'All?', speakers: 'all' as const }],
      },
    ];
    const { transcript } = await run(guideOf({ rounds }));
    expect(
      transcript.rounds.map(({ step, replies }) => [step, replies.map(({ name }) => name).join()]),
    ).toEqual([
      ['round-1', 'Ada,Cy'],
      ['round-1/follow-up-1', 'Ada,Cy'],
      ['round-1/follow-up-2', 'Ada,Bo,Cy'],
    ]);
  });
});

/** Rejects with the signal's reason when it aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

describe('what goes wrong in a focus group', () => {
  const boCannot: Replies = (asked) => {
    if (asked.name === 'Bo' && asked.message === 'What is for lunch?') throw new Error('the line is dead');
    return echo(asked);
  };

  it('records a missing reply with its error, and nobody hears it', async () => {
    const { transcript, failed, model } = await run(guideOf(), boCannot);
    expect(failed).toBe(1);
    expect(transcript.rounds[0]?.replies[1]).toEqual({
      participantId: 'p2',
      name: 'Bo',
      status: 'failed',
      error: { code: 'Error', message: 'the line is dead' },
    });
    expect(model.asked.at(-1)?.user).not.toContain('Bo: ');
  });

  it('fills it in when what failed is retried, with what was known then', async () => {
    const tasks = new TaskManager();
    const { transcript } = await run(guideOf(), boCannot, tasks);
    const model = groupModel(echo);
    const runner = groupRunner(model, tasks);
    await runner.retryFailed(transcript.rounds[0]?.taskId as string);
    await runner.wait(transcript.rounds[0]?.taskId as string);
    expect(model.asked.map(({ name, message }) => [name, message])).toEqual([['Bo', 'What is for lunch?']]);
    expect(model.asked[0]?.user).not.toContain('tomorrow');
    const filled = await transcriptOf(tasks, await readGroup(tasks, 'lunch'));
    expect(textsOf(filled.rounds[0] as never)[1]).toBe('I am Bo and heard “What is for lunch?”.');
    expect(filled.rounds).toHaveLength(2);
  });

  it.each([
    ['gives no reply that can be used', () => 'As an AI, I cannot say.'],
    [
      'is one whose request is refused',
      () => {
        throw Object.assign(new Error('Too large.'), { status: 413 });
      },
    ],
  ])('goes on where the one who was asked %s', async (_, answer) => {
    const rounds = [{ message: 'Bo?', speakers: { ids: ['p2'] } }, { message: 'And tomorrow?' }];
    const { transcript, failed } = await run(guideOf({ rounds }), (asked) =>
      asked.message === 'Bo?' ? answer() : echo(asked),
    );
    expect(failed).toBe(1);
    expect(transcript.rounds.map(({ replies }) => replies.map(({ status }) => status))).toEqual([
      ['failed'],
      ['replied', 'replied', 'replied'],
    ]);
  });

  it('stops where the provider fails for all, and tries that round again before it goes on', async () => {
    const tasks = new TaskManager();
    const dead: Replies = (asked) => {
      if (asked.message === 'And tomorrow?') throw new Error('the line is dead');
      return echo(asked);
    };
    await expect(run(guideOf(), dead, tasks)).rejects.toThrow(GroupStopped);
    await expect(run(guideOf(), dead, tasks)).rejects.toThrow(/the line is dead/);
    const { transcript, model } = await run(guideOf(), echo, tasks);
    expect(model.asked).toHaveLength(3);
    expect(transcript.rounds.map(({ replies }) => replies.map(({ status }) => status).join())).toEqual([
      'replied,replied,replied',
      'replied,replied,replied',
    ]);
  });

  it('goes on in the middle of a round after a stop, as if there had been none', async () => {
    const calm = await run();
    const tasks = new TaskManager();
    const model = groupModel(async (asked) => {
      if (asked.message !== 'And tomorrow?') return echo(asked);
      if (asked.name === 'Bo') void runner.shutdown({ drainMs: 0 });
      if (asked.name === 'Cy') await aborted(asked.options.signal);
      return echo(asked);
    });
    const runner = groupRunner(model, tasks);
    await expect(
      runFocusGroup(guideOf(), { runner, focusGroupId: 'lunch', audience: people }),
    ).rejects.toThrow(GroupStopped);
    const { transcript } = await run(guideOf(), echo, tasks);
    expect(transcript.rounds.map(textsOf)).toEqual(calm.transcript.rounds.map(textsOf));
    expect(transcript.rounds[1]?.replies.map(({ name }) => name)).toEqual(['Ada', 'Bo', 'Cy']);
  });

  it('stops where its turn is cancelled, and runs that turn again when it is run again', async () => {
    const tasks = new TaskManager();
    const model = groupModel(async (asked) => {
      if (asked.message === 'And tomorrow?' && asked.name === 'Bo') {
        const task = await tasks.store.findActive('fg_lunch');
        void runner.cancel(task?.taskId ?? '');
      }
      return echo(asked);
    });
    const runner = groupRunner(model, tasks);
    const rounds = [...(guideOf().rounds ?? []), { message: 'And then?' }];
    await expect(
      runFocusGroup(guideOf({ rounds }), { runner, focusGroupId: 'lunch', audience: people }),
    ).rejects.toThrow(GroupStopped);
    expect(model.asked.some(({ message }) => message === 'And then?')).toBe(false);
    const { transcript } = await run(guideOf({ rounds }), echo, tasks);
    expect(transcript.rounds.map(({ round, step, replies }) => [round, step, replies.length])).toEqual([
      [1, 'round-1', 3],
      [2, 'round-2', 3],
      [3, 'round-3', 3],
    ]);
  });

  it('asks once more for a reply that cannot be used, saying why, and records what was changed in one', async () => {
    const { transcript, model } = await run(
      guideOf({ rounds: [{ message: 'Hi?' }] }),
      ({ name, request }) => {
        if (name === 'Ada') return 'Ada: “Soup.”';
        if (request.messages.length > 2) return 'Bread.';
        return name === 'Bo' ? 'As an AI language model, I do not eat.' : 'Salad.';
      },
    );
    expect(transcript.rounds.map(textsOf)).toEqual([['Soup.', 'Bread.', 'Salad.']]);
    expect(transcript.rounds[0]?.replies[0]).toMatchObject({
      repairs: ['own-name-removed', 'quotes-removed'],
    });
    const again = model.asked.find(({ request }) => request.messages.length > 2);
    expect(again?.request.messages.at(-1)?.content).toContain('stay in the role');
  });

  it.each([
    [{ rounds: [{ message: 'Hi?', speakers: { ids: ['p9'] } }] }, /no participant "p9"/],
    [{ participants: { where: '{age} > 90' } }, /nobody in the audience/],
    [{ participants: { where: '{agee} > 9' } }, /have \{name\}, \{age\}, \{diet\}/],
    [{ rounds: [{ message: 'Hi?', speakers: { where: "{diet} = 'x'" } }] }, /Nobody.*"Hi\?".*\{diet\}/],
    [{ poll: { survey: 'poll.json' } }, /Read the guide with readGuideFile/],
    [{ participants: { ids: ['p1', 'p9'] } }, /no participant "p9"/],
    [{ model: undefined }, /names no model/],
    [{ rounds: [{ message: ' ' }] }, /rounds\[0\]\.message/],
  ])('says what is wrong with %j before anything is asked', async (guide, message) => {
    const model = groupModel(echo);
    const options = { runner: groupRunner(model), focusGroupId: 'lunch', audience: people };
    await expect(runFocusGroup(guideOf(guide), options)).rejects.toMatchObject({
      code: 'GUIDE_INVALID',
      message: expect.stringMatching(message),
    });
    expect(model.asked).toEqual([]);
  });
});

describe('what participants remember', () => {
  const long: Replies = ({ name, system }) =>
    system.startsWith('You keep the minutes')
      ? 'They spoke of lunch.'
      : `${name} speaks. ${'So it is, I would say. '.repeat(20)}`;

  it('is bounded: what is long past is in a summary, and their own words', async () => {
    const rounds = Array.from({ length: 24 }, (_, n) => ({ message: `Question ${n + 1}?` }));
    const { model } = await run(guideOf({ rounds }), long);
    const sizes = rounds.map(({ message }) =>
      Math.max(...model.asked.filter((asked) => asked.message === message).map(({ user }) => user.length)),
    );
    const late = sizes.slice(8);
    expect(Math.max(...late)).toBeLessThan(10_000);
    expect(Math.max(...sizes.slice(18))).toBeLessThanOrEqual(Math.max(...sizes.slice(8, 18)) * 1.05);
    const last = model.asked.filter(({ message }) => message === 'Question 24?');
    for (const { user, name } of last) {
      expect(user).toContain('They spoke of lunch.');
      expect(user).toContain('Host: Question 23?');
      expect(user).not.toContain('Host: Question 2?');
      expect(user).toContain(`You yourself said before that:\n- ${name} speaks.`);
    }
  });

  it('goes on where no summary can be made, with what was asked', async () => {
    const rounds = Array.from({ length: 12 }, (_, n) => ({ message: `Question ${n + 1}?` }));
    const { transcript, failed, model } = await run(guideOf({ rounds }), (asked) => {
      if (asked.system.startsWith('You keep the minutes')) throw new Error('no minutes');
      return long(asked);
    });
    expect(failed).toBe(0);
    expect(transcript.rounds).toHaveLength(12);
    expect(model.asked.at(-1)?.user).toContain('The host asked: Question 1? / Question 2?');
  });
});

const answering: Replies = (asked) =>
  asked.request.replySchema === null ? `${echo(asked)} {hungry}` : JSON.stringify({ q1: 'Yes' });

describe('the language of a private poll', () => {
  const elements = [{ type: 'boolean', name: 'again', title: '还会来吗？' }];
  it.each([
    ['zh-CN', { elements }, 'zh-CN'],
    ['zh-CN', { elements, locale: 'de' }, 'de'],
    [undefined, { elements }, 'en'],
  ])('of a group that speaks %s, asking %j, is %s', async (language, survey, locale) => {
    const { runner } = await run(guideOf({ language, poll: { survey } }), answering);
    const polls = await runner.tasks.store.list({ job: SURVEY_JOB });
    const asked = polls.map(({ taskParams }) => taskParams as unknown as SurveyTaskParams);
    expect(asked.map(({ questionnaire }) => questionnaire.locale)).toEqual([locale, locale]);
  });
});

describe('private polls', () => {
  const poll = {
    survey: { elements: [{ type: 'boolean', name: 'hungry', title: 'Are you hungry?' }] },
  };
  it('are asked of each alone before and after, the second knowing what was said', async () => {
    const { model, transcript, runner } = await run(guideOf({ poll }), answering);
    const polls = model.asked.filter(({ request }) => request.replySchema !== null);
    expect(polls).toHaveLength(6);
    expect(polls[0]?.user).not.toContain('heard');
    for (const { user } of polls.slice(3)) {
      expect(user).toContain('Host: What is for lunch?');
      // Braces of theirs are no piping of the survey's.
      expect(user).toContain('Bo: I am Bo and heard “What is for lunch?”. (hungry)');
    }
    expect(transcript.rounds).toHaveLength(2);
    for (const { user, request } of model.asked)
      if (request.replySchema === null) expect(user).not.toContain('Are you hungry');
    const { turns } = await readGroup(runner.tasks, 'lunch');
    expect(turns.map(({ step }) => step)).toEqual([
      'opening',
      'poll-before',
      'round-1',
      'round-2',
      'poll-after',
    ]);
    expect(turns.map(({ task }) => task.taskKey)).toEqual(turns.map(() => 'fg_lunch'));
  });

  it('go ahead of surveys in a throttle that they share, as all calls of a group do', async () => {
    const { model } = await run(guideOf({ poll }), answering);
    expect(new Set(model.asked.map(({ options }) => options.priority))).toEqual(new Set([10]));
    expect(model.asked.every(({ options }) => options.caller?.taskId?.startsWith('task_'))).toBe(true);
  });

  it('can be one of the two only', async () => {
    const { model } = await run(guideOf({ poll: { ...poll, before: false } }), answering);
    expect(model.asked.filter(({ request }) => request.replySchema !== null)).toHaveLength(3);
  });

  it('are refused before anything is asked where the survey is invalid', async () => {
    await expect(run(guideOf({ poll: { survey: { elements: [{ type: 'quiz' }] } } }))).rejects.toMatchObject({
      code: expect.stringMatching(/^SURVEY_/),
    });
  });
});
