import { describe, expect, it } from 'vitest';
import type { Context } from '../../focus-group/context.ts';
import { writeReplyRequest } from '../../focus-group/prompts/reply.ts';
import { countWords } from '../../text/count-words.ts';
import { respond } from '../respondent/respond.ts';
import { moodOf } from './phrases.ts';

const quiet: Context = { summary: null, heard: [] };

interface Turn {
  readonly n?: number;
  readonly language?: string;
  readonly message?: string;
  readonly context?: Context;
  readonly seed?: number;
  readonly words?: number;
}

/** What the simulator says to the very prompt that participants get. */
function reply({
  n = 0,
  language = 'en',
  message = 'What of the market?',
  context = quiet,
  seed = 1,
  words = 49,
}: Turn = {}): string {
  const zh = language.startsWith('zh');
  const persona: Record<string, string> = zh
    ? { 年龄: String(20 + n), 职业: ['教师', '护士'][n % 2] as string }
    : { age: String(20 + n), work: ['teacher', 'nurse'][n % 2] as string };
  const messages = writeReplyRequest(
    { id: `p${n}`, name: `P${n}`, persona },
    {
      title: 'Market',
      language,
      others: ['Bo'],
      context,
      own: [],
      message,
      stimulus: null,
      replyWords: words,
      before: [],
    },
  );
  return respond(
    { model: 'simulator', messages: [...messages] },
    { seed, mistake: false, firstOptionBias: 0 },
  ).text;
}

describe.each([['en'], ['zh-CN']])('a simulated participant who speaks %s', (language) => {
  it('repeats its reply for the same request, and varies it by persona, message and seed', () => {
    const said = reply({ language });
    expect(reply({ language })).toBe(said);
    expect(reply({ language, n: 1 })).not.toBe(said);
    expect(reply({ language, message: 'And prices?' })).not.toBe(said);
    expect(reply({ language, seed: 2 })).not.toBe(said);
  });

  it('sometimes replies to another participant by name', () => {
    const text =
      language === 'en' ? 'It saves me worry, and that is worth a lot.' : '它让我少操心，这就很值了。';
    const context = {
      summary: null,
      heard: [{ host: 'Hi', stimulus: null, replies: [{ name: 'Bo', text }] }],
    };
    const replies = Array.from({ length: 40 }, (_, n) => reply({ language, n, context }));
    expect(replies[0]).not.toBe(reply({ language }));
    expect(replies.filter((said) => said.includes('Bo')).length).toBeGreaterThan(10);
  });

  it.each([20, 49, 80])(
    'says about %d words: the median is close, and a few replies are much longer',
    (words) => {
      const lengths = Array.from({ length: 200 }, (_, n) =>
        countWords(reply({ language, n, words }), language),
      ).sort((a, b) => a - b);
      const median = lengths[100] as number;
      expect(median).toBeGreaterThan(0.75 * words);
      expect(median).toBeLessThan(1.25 * words);
      expect(lengths[195] as number).toBeGreaterThan(1.6 * median);
      expect(lengths[10] as number).toBeLessThan(0.7 * median);
    },
  );

  it('mentions the persona', () => {
    const replies = Array.from({ length: 60 }, (_, n) => reply({ language, n, words: 60 }));
    const work = language === 'en' ? /teacher|nurse/ : /教师|护士/;
    expect(replies.filter((said) => work.test(said)).length).toBeGreaterThan(20);
  });
});

it('moves a little towards the others’ opinion', () => {
  const sample = (text: string): number => {
    const context = {
      summary: null,
      heard: [{ host: 'Hi', stimulus: null, replies: [{ name: 'Bo', text }] }],
    };
    const moods = Array.from({ length: 300 }, (_, n) => moodOf(reply({ n, context })));
    return moods.reduce((sum, mood) => sum + mood, 0) / moods.length;
  };
  expect(sample('It saves me worry, and that is worth a lot.')).toBeGreaterThan(
    sample('It worries me, to tell the truth.') + 0.2,
  );
});

it('replies to long hostile text in linear time', () => {
  const long = 'Bo: '.repeat(200_000);
  const reply = respond(
    {
      model: 'simulator',
      messages: [
        {
          role: 'system',
          content: `You are taking part in a focus group as the person described below.\n${'- a: '.repeat(100_000)}`,
        },
        { role: 'user', content: `${long}\n${'Now:\n'.repeat(50_000)}Host: ${long}` },
      ],
    },
    { seed: 1, mistake: false, firstOptionBias: 0 },
  );
  expect(reply).toBeDefined();
});
