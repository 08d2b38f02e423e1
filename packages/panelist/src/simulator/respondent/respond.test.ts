import { describe, expect, it } from 'vitest';
import { respond } from './respond.ts';

type Persona = Readonly<Record<string, string | number>>;

function system(persona: Persona): string {
  const lines = Object.entries(persona).map(([key, value]) => `- ${key}: ${value}`);
  return `Take part in a survey.\n- To choose, repeat the option.\n\nThe person:\n${lines.join('\n')}`;
}

function ask(
  persona: Persona,
  title: string,
  schema: object,
  seed = 1,
  user = 'Answer.',
  firstOptionBias = 0,
): unknown {
  const properties = { q1: { description: title, ...schema } };
  const { text } = respond(
    {
      model: 'simulator',
      messages: [
        { role: 'system', content: system(persona) },
        { role: 'user', content: user },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answers', schema: { type: 'object', properties } },
      },
    },
    { seed, mistake: false, firstOptionBias },
  );
  return JSON.parse(text).q1;
}

function choose(persona: Persona, title: string, options: readonly unknown[], seed = 1): unknown {
  return ask(persona, title, { enum: options }, seed);
}

const crowd = Array.from({ length: 300 }, (_, index) => ({
  number: `N${index}`,
  gender: index % 2 === 0 ? 'Female' : 'Male',
  age: 18 + (index % 60),
  city: ['Leeds', 'York', 'Hull'][index % 3] ?? '',
}));

describe('the order of options', () => {
  const options = ['Tea', 'Coffee', 'Water', 'Milk'];
  const backwards = options.toReversed();
  const choice = (persona: Persona, listed: readonly string[], bias: number) =>
    ask(persona, 'What do you drink?', { enum: listed }, 1, 'Answer.', bias);

  it('has no effect by default', () => {
    for (const persona of crowd) expect(choice(persona, options, 0)).toBe(choice(persona, backwards, 0));
  });

  it('decides for the configured share of respondents', () => {
    const first = (bias: number) =>
      crowd.filter((persona) => choice(persona, options, bias) === 'Tea').length;
    const own = first(0);
    expect(first(1)).toBe(crowd.length);
    const expected = own + 0.3 * (crowd.length - own);
    expect(Math.abs(first(0.3) - expected)).toBeLessThan(30);
  });
});

describe('facts in the persona', () => {
  it.each<[Persona, string, readonly unknown[], unknown]>([
    [{ gender: 'Female' }, 'What is your gender?', ['Male', 'Female', 'Other'], 'Female'],
    [{ gender: 'Male' }, 'What is your gender?', ['Female', 'Male'], 'Male'],
    [{ gender: 'Woman' }, 'Your sex', ['Male', 'Female'], 'Female'],
    [{ 性别: '女性' }, '您的性别是？', ['男', '女'], '女'],
    [{ gender: 'female' }, '您的性别是？', ['男', '女'], '女'],
    [{ region: 'North' }, 'Which region do you live in?', ['South', 'North', 'West'], 'North'],
    [
      { education: 'Bachelor of Arts' },
      'Highest level of education',
      ['School', 'Bachelor', 'Master'],
      'Bachelor',
    ],
    [{ 学历: '本科' }, '您的学历', ['高中', '大学本科', '硕士'], '大学本科'],
    [{ owns_car: 'yes' }, 'Do you own a car?', ['No', 'Yes'], 'Yes'],
    [{ age: 34 }, 'How old are you?', ['18–24', '25–34', '35–44', '45+'], '25–34'],
    [{ age: 70 }, 'Your age', ['Under 18', '18 to 64', '65 or older'], '65 or older'],
    [{ 年龄: '16岁' }, '您的年龄', ['18岁以下', '18-30岁', '30岁以上'], '18岁以下'],
    [
      { income: '$52,000' },
      'What is your annual income?',
      ['Under $25k', '$25,000 to $49,999', '$50-75k'],
      '$50-75k',
    ],
    [{ children: 2 }, 'How many children do you have?', [0, 1, 2, 3], 2],
  ])('%j answers %j', (persona, title, options, expected) => {
    for (let seed = 0; seed < 5; seed++) expect(choose(persona, title, options, seed)).toBe(expected);
  });

  it.each<[Persona, string, number]>([
    [{ age: 34 }, 'What is your age?', 34],
    [{ age: '34 years' }, 'How old are you?', 34],
    [{ age: 34 }, 'In which year were you born?', 1992],
    [{ birth_year: 1980, age: 1 }, 'Your year of birth', 1980],
    [{ 年龄: 51 }, '请问您的年龄是多少？', 51],
  ])('%j gives %j the number %d', (persona, title, expected) => {
    expect(ask(persona, title, { type: 'integer', minimum: 0, maximum: 3_000 })).toBe(expected);
  });

  it('does not rate with a number that belongs to something else', () => {
    const ratings = Array.from({ length: 40 }, (_, seed) =>
      choose({ household_size: 3 }, 'How happy is your household?', [1, 2, 3, 4, 5], seed),
    );
    expect(new Set(ratings).size).toBeGreaterThan(2);
  });

  it('are given in words for a text question', () => {
    expect(ask({ occupation: 'Nurse' }, 'What is your occupation?', { type: 'string' })).toBe('Nurse');
    expect(
      ask({ occupation: 'Nurse' }, 'What do you like about your occupation?', { type: 'string' }),
    ).toMatch(/\(occupation: Nurse\), .+\.$/);
  });
});

describe('opinions', () => {
  const satisfaction = [
    'Very dissatisfied',
    'Dissatisfied',
    'Neutral',
    'Satisfied',
    'Very satisfied',
    "Don't know",
  ];

  function shares(title: string, options: readonly unknown[], people: readonly Persona[]): number[] {
    const chosen = people.map((persona) => choose(persona, title, options));
    return options.map((option) => chosen.filter((each) => each === option).length / people.length);
  }

  it('use every point of a scale, and "don\'t know" seldom', () => {
    const found = shares('How satisfied are you with the buses?', satisfaction, crowd);
    for (const share of found) expect(share).toBeGreaterThan(0);
    expect(found[5]).toBeLessThan(0.1);
    expect(Math.max(...found)).toBeLessThan(0.7);
  });

  it('differ between groups of people, for some questions by a lot', () => {
    const titles = Array.from({ length: 30 }, (_, index) => `How satisfied are you with service ${index}?`);
    const gaps = titles.map((title) => {
      const mean = (gender: string): number => {
        const group = crowd.filter((each) => each.gender === gender);
        const points = group.map((persona) => Number(choose(persona, title, [1, 2, 3, 4, 5])));
        return points.reduce((sum, point) => sum + point, 0) / points.length;
      };
      return Math.abs(mean('Female') - mean('Male'));
    });
    // Chance alone makes some 0.15 between two groups of 150.
    expect(Math.max(...gaps)).toBeGreaterThan(0.6);
  });

  it('depend on the disposition: positive answers are correlated', () => {
    const pairs = crowd.map((persona) =>
      ['tea', 'buses', 'parks', 'shops', 'schools', 'rain'].map((thing) =>
        Number(choose({ name: persona.number }, `How good are the ${thing}?`, [1, 2, 3, 4, 5, 6, 7])),
      ),
    );
    const half = (from: number): number[] =>
      pairs.map((points) => points.slice(from, from + 3).reduce((a, b) => a + b, 0));
    expect(correlation(half(0), half(3))).toBeGreaterThan(0.1);
  });

  it.each([[['Price', 'Taste', 'Health', 'None of these']], [['价格', '味道', '健康', '无']]])(
    'choose several options within the bounds, in the displayed order, and the last one alone: %j',
    (options) => {
      const none = options.at(-1) as string;
      const seen = new Set<string>();
      for (const persona of crowd) {
        const chosen = ask(persona, 'What matters to you?', {
          type: 'array',
          items: { enum: options },
          minItems: 1,
          maxItems: 2,
        }) as string[];
        expect(chosen.length).toBeGreaterThanOrEqual(1);
        expect(chosen.length).toBeLessThanOrEqual(2);
        expect(chosen).toEqual(options.filter((option) => chosen.includes(option)));
        if (chosen.includes(none)) expect(chosen).toHaveLength(1);
        seen.add(chosen.join());
      }
      expect(seen.size).toBeGreaterThan(4);
    },
  );

  it('respect limits that are only in the prompt', () => {
    const prompt = 'q1. How many cups?\n  Give a whole number from 3 to 6.';
    for (const persona of crowd.slice(0, 50)) {
      const cups = ask(persona, 'How many cups?', { type: 'integer' }, 1, prompt);
      expect(cups).toBeGreaterThanOrEqual(3);
      expect(cups).toBeLessThanOrEqual(6);
    }
  });
});

describe('free text', () => {
  const persona = { 职业: '护士', city: 'Leeds' };

  it('is in the language of the question and mentions the persona', () => {
    expect(ask(persona, '您对新的 App 有什么看法？', { type: 'string' })).toMatch(
      /^从我的情况（(职业：护士|city：Leeds)）来看，.+。$/,
    );
    expect(ask(persona, 'What do you think of it?', { type: 'string' })).toMatch(
      /^From where I stand \((职业: 护士|city: Leeds)\), .+\.$/,
    );
  });

  it.each([0, 1, 8, 20, 60])('is at most %i characters long', (maxLength) => {
    for (const each of crowd.slice(0, 20)) {
      const text = ask(each, 'What do you think of it?', { type: 'string', maxLength }) as string;
      expect(text.length).toBeLessThanOrEqual(maxLength);
      if (maxLength > 0) expect(text).not.toBe('');
    }
  });
});

describe('the request’s seed', () => {
  it('changes random effects, but not the personas’ opinions', () => {
    const title = 'How do you like tea?';
    const answerWith = (seed: number): unknown[] =>
      crowd.slice(0, 50).map((persona) => {
        const { text } = respond(
          {
            model: 'simulator',
            seed,
            messages: [
              { role: 'system', content: system(persona) },
              { role: 'user', content: title },
            ],
            response_format: {
              type: 'json_schema',
              json_schema: {
                name: 'a',
                schema: {
                  properties: {
                    q1: { description: title, enum: [1, 2, 3, 4, 5] },
                    q2: { description: 'Your age', type: 'integer' },
                  },
                },
              },
            },
          },
          { seed: 1, mistake: false, firstOptionBias: 0 },
        );
        return JSON.parse(text);
      });
    const [one, two] = [
      answerWith(1) as { q1: number; q2: number }[],
      answerWith(2) as { q1: number; q2: number }[],
    ];
    expect(answerWith(1)).toEqual(one);
    expect(one.map(({ q1 }) => q1)).not.toEqual(two.map(({ q1 }) => q1));
    expect(one.map(({ q2 }) => q2)).toEqual(two.map(({ q2 }) => q2));
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, index) => (value - ma) * ((b[index] ?? 0) - mb)));
  return (
    covariance /
    Math.sqrt(mean(a.map((value) => (value - ma) ** 2)) * mean(b.map((value) => (value - mb) ** 2)))
  );
}
