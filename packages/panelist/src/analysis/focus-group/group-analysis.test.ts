import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupPolls } from '../../focus-group/turns/read-polls.ts';
import { seededUniform } from '../../random/seeded-uniform.ts';
import type { Answer, AnswerValue } from '../../survey/answer.ts';
import { importSurveyJs } from '../../survey/import/import-surveyjs.ts';
import { analysisText } from './analysis-text.ts';
import { convergence } from './convergence.ts';
import { distinctiveness } from './distinctiveness.ts';
import { analyseGroup } from './group-analysis.ts';
import { keywordThemes } from './keyword-themes.ts';
import { opinionShifts } from './opinion-shift.ts';
import { participation } from './participation.ts';
import { replyLengths } from './reply-lengths.ts';
import { type Talk, transcriptOfTalk } from './testing/build-transcript.ts';

const words = (count: number): string => Array.from({ length: count }, () => 'soup').join(' ');

const anyTalk = fc.array(
  fc.dictionary(
    fc.constantFrom('Ada', 'Bo', 'Cy', 'Dee'),
    fc.oneof(
      fc.constant(null),
      fc
        .array(fc.constantFrom('soup', 'salad', 'bread', 'the', 'cheese', '.'), { maxLength: 12 })
        .map((list) => list.join(' ')),
    ),
    { minKeys: 1, noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 8 },
);

describe('participation', () => {
  it('counts replies, words and failed replies', () => {
    const talk = transcriptOfTalk([
      { Ada: words(30), Bo: words(10), Cy: null },
      { Ada: words(10), Bo: words(10), Cy: null },
    ]);
    const { speakers, gini } = participation(talk);
    expect(
      speakers.map(({ name, replies, failed, words: count, share, medianWords }) => [
        name,
        replies,
        failed,
        count,
        share,
        medianWords,
      ]),
    ).toEqual([
      ['Ada', 2, 0, 40, 40 / 60, 20],
      ['Bo', 2, 0, 20, 20 / 60, 10],
      ['Cy', 0, 2, 0, 0, null],
    ]);
    // Of 0, 20, 40: the mean absolute difference of all pairs is 160/9, the mean 20.
    expect(gini).toBeCloseTo(160 / 9 / 40, 12);
  });

  it('has shares that add up to 1, or to 0 if nobody spoke', () => {
    fc.assert(
      fc.property(anyTalk, (talk: Talk) => {
        const { speakers, gini } = participation(transcriptOfTalk(talk));
        const sum = speakers.reduce((total, { share }) => total + share, 0);
        if (gini === null) expect(sum).toBe(0);
        else {
          expect(sum).toBeCloseTo(1, 9);
          expect(gini).toBeGreaterThanOrEqual(0);
          expect(gini).toBeLessThan(1);
        }
      }),
    );
  });
});

describe('reply lengths', () => {
  it('are compared with those of people', () => {
    const lengths = replyLengths(
      transcriptOfTalk([
        { Ada: words(10), Bo: words(98), Cy: null },
        { Ada: words(20), Bo: words(300) },
      ]),
    );
    expect(lengths).toMatchObject({
      n: 4,
      median: 59,
      mean: 107,
      longest: 300,
      humanMedian: 49,
      lowerQuartile: 17.5,
      upperQuartile: 148.5,
    });
    expect(lengths.ratio).toBeCloseTo(59 / 49);
    expect(lengths.histogram.map(({ count }) => count)).toEqual([1, 1, 0, 0, 1, 0, 0, 1]);
    expect(lengths.byRound).toEqual([
      { round: 1, median: 54 },
      { round: 2, median: 160 },
    ]);
  });
});

describe('convergence', () => {
  it('is 1 if all say the same, and 0 if they share no word', () => {
    const talk = transcriptOfTalk([
      { Ada: 'Soup, hot soup.', Bo: 'hot soup! SOUP', Cy: 'Soup hot: soup' },
      { Ada: 'green salad', Bo: 'yellow cheese', Cy: 'white bread' },
      { Ada: 'the a of', Bo: 'cheese', Cy: null },
    ]);
    const [same, other, few] = convergence(talk).rounds;
    expect(same?.similarity).toBeCloseTo(1, 9);
    expect(other?.similarity).toBeCloseTo(0, 9);
    expect(few?.similarity).toBeNull();
  });

  it('has a slope if replies become more similar', () => {
    const own = ['salad', 'cheese', 'bread', 'rice', 'meat', 'beans'];
    const talk = Array.from({ length: 6 }, (_, round) =>
      Object.fromEntries(
        ['Ada', 'Bo', 'Cy'].map((name, place) => [
          name,
          own.map((word, k) => (k < round ? word : `${word}${place}${round}`)).join(' '),
        ]),
      ),
    );
    const { slope, slopeInterval, rounds } = convergence(transcriptOfTalk(talk));
    expect(slope).toBeGreaterThan(0.05);
    expect(slopeInterval?.low).toBeGreaterThan(0);
    expect(rounds.at(-1)?.similarity).toBeGreaterThan(rounds[0]?.similarity as number);
  });

  it('is between 0 and 1 for any replies', () => {
    fc.assert(
      fc.property(anyTalk, (talk: Talk) => {
        const transcript = transcriptOfTalk(talk);
        for (const { similarity } of convergence(transcript).rounds)
          if (similarity !== null) expect(similarity >= 0 && similarity <= 1).toBe(true);
        const { recognised } = distinctiveness(transcript);
        if (recognised !== null) expect(recognised >= 0 && recognised <= 1 + 1e-9).toBe(true);
      }),
    );
  });
});

describe('distinctiveness', () => {
  it('recognises participants by their own words', () => {
    const talk = transcriptOfTalk(
      Array.from({ length: 4 }, () => ({
        Ada: 'green salad again',
        Bo: 'yellow cheese please',
        Cy: 'white bread today',
      })),
    );
    const found = distinctiveness(talk);
    expect(found).toMatchObject({ recognised: 1, replies: 12 });
    expect(found.chance?.p).toBeLessThan(0.01);
    expect(found.chance?.range.high).toBeLessThan(1);
    expect(found.speakers.map(({ name, recognised }) => [name, recognised])).toEqual([
      ['Ada', 1],
      ['Bo', 1],
      ['Cy', 1],
    ]);
  });

  it('of one voice is within chance, although the replies of a round share its topic', () => {
    const draw = seededUniform(1);
    let [recognised, chance, low] = [0, 0, 0];
    const groups = 20;
    for (let group = 0; group < groups; group += 1) {
      const reply = (round: number): string =>
        Array.from({ length: 12 }, () => {
          const letter = String.fromCharCode(97 + Math.floor(26 * draw() ** 2));
          return draw() < 0.5 ? `topic${'abcd'[round]}${letter}` : `common${letter}`;
        }).join(' ');
      const talk = Array.from({ length: 4 }, (_, round) =>
        Object.fromEntries(['Ada', 'Bo', 'Cy', 'Dee'].map((name) => [name, reply(round)])),
      );
      const found = distinctiveness(transcriptOfTalk(talk));
      recognised += (found.recognised as number) / groups;
      chance += (found.chance?.mean as number) / groups;
      if ((found.chance?.p as number) < 0.05) low += 1;
    }
    // Of the replies of the same round, other people's would be nearer than one's own elsewhere: 5 % instead of 25 %.
    expect(recognised).toBeCloseTo(0.25, 1);
    expect(chance).toBeCloseTo(0.25, 1);
    expect(low).toBeLessThan(4);
  });

  it('leaves out the follow-ups of the round too', () => {
    const [main, follow] = ['rent', 'rent again'];
    const talk = transcriptOfTalk([
      { Ada: main, Bo: main },
      { Ada: follow, Bo: follow },
      { Ada: 'green salad', Bo: 'white bread' },
    ]);
    const steps = ['round-1', 'round-1/follow-up-1', 'round-2'];
    const transcript = {
      ...talk,
      rounds: talk.rounds.map((round, at) => ({ ...round, step: steps[at] as string })),
    };
    // Nobody's other topic helps with the rent: all equally near.
    expect(distinctiveness(transcript)).toMatchObject({ recognised: 0.5, replies: 6 });
  });

  it('is at chance if all sound the same', () => {
    const talk = transcriptOfTalk(
      Array.from({ length: 4 }, () => ({ Ada: 'hot soup', Bo: 'hot soup', Cy: 'hot soup' })),
    );
    const { recognised, chance } = distinctiveness(talk);
    expect(recognised).toBeCloseTo(1 / 3, 9);
    expect(chance).toMatchObject({ mean: expect.closeTo(1 / 3, 9), p: 1, permutations: 999 });
  });

  it('needs two participants who spoke in two rounds', () => {
    expect(distinctiveness(transcriptOfTalk([{ Ada: 'soup', Bo: 'salad' }]))).toMatchObject({
      recognised: null,
      replies: 0,
    });
  });
});

describe('themes by keywords', () => {
  it('are the words that most participants use, with quotes, and not the host’s words', () => {
    const talk = [
      { Ada: 'The rent is too high. I like soup.', Bo: 'My rent went up.', Cy: 'We moved for the rent.' },
      { Ada: 'Parking is hard.', Bo: 'No parking near us.', Cy: 'I walk to the market.' },
    ];
    const themes = keywordThemes(transcriptOfTalk(talk, { messages: ['What of soup?', 'The market?'] }));
    expect(themes.map(({ name, speakers, replies }) => [name, speakers, replies])).toEqual([
      ['rent', 3, 3],
      ['parking', 2, 2],
    ]);
    expect(themes[0]?.quotes).toEqual([
      { participantId: 'id-Ada', name: 'Ada', round: 1, text: 'The rent is too high.' },
      { participantId: 'id-Bo', name: 'Bo', round: 1, text: 'My rent went up.' },
      { participantId: 'id-Cy', name: 'Cy', round: 1, text: 'We moved for the rent.' },
    ]);
  });

  it('are found in Chinese', () => {
    const talk = [{ 王: '排队太久了。我喜欢便宜。', 李: '主要是排队。', 张: '排队我可以接受。' }];
    const [theme] = keywordThemes(transcriptOfTalk(talk, { language: 'zh-CN' }));
    expect(theme).toMatchObject({ name: '排队', speakers: 3 });
    expect(theme?.quotes[0]?.text).toBe('排队太久了。');
  });

  it('quote only from the transcript', () => {
    fc.assert(
      fc.property(anyTalk, (talk: Talk) => {
        for (const { quotes } of keywordThemes(transcriptOfTalk(talk)))
          for (const { name, round, text } of quotes) expect(talk[round - 1]?.[name]).toContain(text);
      }),
    );
  });
});

describe('opinion shifts', () => {
  const questionnaire = importSurveyJs({
    elements: [
      { type: 'rating', name: 'favour', title: 'In favour?', rateMax: 7 },
      { type: 'radiogroup', name: 'often', title: 'How often?', choices: ['Never', 'Weekly'] },
      { type: 'checkbox', name: 'why', title: 'Why?', choices: ['A', 'B'] },
    ],
  });
  const interviews = (
    answers: Readonly<Record<string, readonly (AnswerValue | null)[]>>,
  ): GroupPolls['before'] =>
    Object.entries(answers).map(([respondentId, values]) => ({
      respondentId,
      answers: ['favour', 'often', 'why'].map(
        (question, place) =>
          ({
            question,
            status: values[place] === undefined ? 'invalid' : 'answered',
            value: values[place] ?? null,
          }) as Answer,
      ),
      computed: {},
      askedOrder: [],
      calls: [],
      requestedModel: 'm',
      parameters: { temperature: null, seed: null },
    }));

  it('pair the answers of those who answered twice', () => {
    const [favour, often, why] = opinionShifts({
      questionnaire,
      before: interviews({
        a: [1, 'Never', ['A']],
        b: [3, 'Never', ['A']],
        c: [7, 'Weekly', ['B']],
        d: [5, 'Never', ['A']],
      }),
      after: interviews({
        a: [3, 'Weekly', ['A']],
        b: [3, 'Never', ['A', 'B']],
        c: [5, 'Weekly', ['B']],
        d: [],
      }),
    });
    expect(favour).toMatchObject({ pairs: 3, changed: 2, choice: null });
    expect(favour?.number).toMatchObject({
      meanBefore: 11 / 3,
      meanAfter: 11 / 3,
      difference: 0,
      nearer: 2,
      farther: 0,
    });
    expect(favour?.number?.sdBefore).toBeCloseTo(3.0551, 4);
    expect(favour?.number?.sdAfter).toBeCloseTo(1.1547, 4);
    // Differences 2, 0, −2: t(2) 4.3027 × 2 / √3.
    expect(favour?.number?.interval?.high).toBeCloseTo(4.9683, 3);
    expect(often).toMatchObject({
      pairs: 3,
      changed: 1,
      number: null,
      choice: { commonest: 'Never', shareBefore: 2 / 3, shareAfter: 1 / 3 },
    });
    expect(why).toMatchObject({ pairs: 3, changed: 1, number: null, choice: null });
  });

  it('are unknown without participants', () => {
    const [favour] = opinionShifts({ questionnaire, before: [], after: [] });
    expect(favour).toMatchObject({ pairs: 0, changed: 0, number: null });
  });
});

describe('the analysis', () => {
  it('handles a group of 50 over 20 rounds', () => {
    const vocabulary = Array.from({ length: 400 }, (_, n) => `word${n}x`);
    const talk = Array.from({ length: 20 }, (_, round) =>
      Object.fromEntries(
        Array.from({ length: 50 }, (_, who) => [
          `P${who}`,
          Array.from({ length: 49 }, (_, k) => vocabulary[(who * 7 + round * 3 + k * k) % 400]).join(' '),
        ]),
      ),
    );
    const transcript = transcriptOfTalk(talk);
    const analysis = analyseGroup(transcript);
    expect(analysis.lengths.n).toBe(1_000);
    expect(analysis).toMatchObject({ synthetic: true, shifts: null, themeMethod: { by: 'keywords' } });
  });

  it('is rendered for a terminal, also if nobody spoke', () => {
    const text = analysisText(analyseGroup(transcriptOfTalk([{ Ada: null, Bo: null }])), 80);
    expect(text).toContain('Who spoke how much (Gini of the words –');
    expect(text).toContain('  none');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
