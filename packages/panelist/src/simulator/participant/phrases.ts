/** What a participant can say in one language; `{…}` are places for what was said and who says it. */
export interface Phrases {
  readonly openings: readonly string[];
  /** By how they take the matter. */
  readonly views: {
    readonly good: readonly string[];
    readonly mixed: readonly string[];
    readonly bad: readonly string[];
  };
  /** `{about}`: a thing of their persona. */
  readonly lives: readonly string[];
  /** `{name}`, `{quote}`: somebody who takes it as they do. */
  readonly agree: readonly string[];
  readonly disagree: readonly string[];
  /** Says little more. */
  readonly asides: readonly string[];
  /** Alone. */
  readonly short: readonly string[];
}

const english: Phrases = {
  openings: [
    'Honestly,',
    'Well,',
    'For me,',
    'I mean,',
    'To be fair,',
    'Look,',
    'You know,',
    'If you ask me,',
    'Thinking about it,',
    'I suppose',
  ],
  views: {
    good: [
      'this would make my week a good deal easier.',
      'I like it more than I thought I would.',
      'it has worked well whenever I came across it.',
      'I would be glad to see more of it.',
      'the good side clearly wins, as I see it.',
      'I told a friend about something like this and she was happy with it too.',
      'I would give it a try tomorrow, no question.',
      'people underestimate how much it helps.',
      'it saves me worry, and that is worth a lot.',
      'I felt better about it after the first few times.',
      'there is something honest about it that I enjoy.',
      'it brings people together, which we need.',
    ],
    mixed: [
      'it really depends on the day and on who you are with.',
      'I go back and forth on it.',
      'half of me likes it and the other half shrugs.',
      'it can go either way, I have seen both.',
      'I would want to know more before I say yes or no.',
      'some weeks it is fine and then again it is not.',
      'it is all right, nothing to write home about.',
      'the idea is one thing, doing it is another.',
      'I never had a strong opinion about it until somebody asked.',
      'I can see both sides, which does not help me decide.',
      'it matters less to me than it seems to matter to others.',
      'maybe in a few years I would answer differently.',
    ],
    bad: [
      'I do not see what it would do for me.',
      'it lets me down more often than not.',
      'somebody else always seems to win by it, not us.',
      'I tried it once and that was enough.',
      'the trouble it makes is bigger than the good it does.',
      'it costs time that I simply do not have.',
      'I would rather leave things as they are.',
      'it sounds nice until you have to live with it.',
      'nobody asked us before they came up with it.',
      'I get annoyed just thinking about it.',
      'there are simpler ways, and they are cheaper.',
      'it worries me, to tell the truth.',
    ],
  },
  lives: [
    '{About}, you look at it differently.',
    '{About}, that is simply how it is.',
    'It has to do with my life: {about}.',
    'Maybe it is because of where I stand, {about}.',
    '{About}, I notice it nearly every day.',
    'I can only speak for myself, {about}.',
  ],
  agree: [
    'I am with {name} on “{quote}”.',
    '{name} said “{quote}”, and that is just how I feel.',
    'What {name} said about “{quote}” rings true.',
    'Like {name}, I would say “{quote}”.',
  ],
  disagree: [
    'I do not quite agree with {name}: “{quote}” is not how I know it.',
    '{name}, when you say “{quote}” I have to smile, it is the other way round for me.',
    'I hear “{quote}” from {name} and wonder whether that is true for most of us.',
    'With all respect to {name}, “{quote}” goes too far for me.',
  ],
  asides: [
    'My neighbour would tell you another story altogether.',
    'We talked about that at home only last week.',
    'I had to think of my mother just now.',
    'That is not something you learn from the news.',
    'And then there is the money, there is always the money.',
    'I would not put it in a letter to the editor, but there it is.',
    'Ask me on a Monday and I am less friendly about it.',
    'Maybe I am the odd one out here.',
    'Anyway, that is what comes to mind.',
    'It took me a while to see it that way.',
  ],
  short: [
    'I have nothing to add to that, really.',
    'Hard to say.',
    'Not much from me on this one.',
    'I would have to think about it.',
  ],
};

const chinese: Phrases = {
  openings: [
    '说实话，',
    '嗯，',
    '对我来说，',
    '我觉得吧，',
    '老实讲，',
    '其实呢，',
    '要我说，',
    '怎么说呢，',
    '想了想，',
    '我这个人啊，',
  ],
  views: {
    good: [
      '这个会让我的日子轻松不少。',
      '比我原先想的要好。',
      '我碰到过几次，用起来都挺顺。',
      '我希望以后能多一点这样的东西。',
      '在我看来，好处明显更多。',
      '我跟朋友说过类似的事，她也挺满意。',
      '要是明天就有，我马上去试。',
      '大家低估了它的帮助。',
      '它让我少操心，这就很值了。',
      '头几次之后，我心里踏实多了。',
      '这里面有种实在的感觉，我喜欢。',
      '它能把人聚到一块儿，这正是我们缺的。',
    ],
    mixed: [
      '真的要看当时的情况，也看跟谁一起。',
      '我自己也拿不定主意。',
      '一半的我喜欢，另一半的我无所谓。',
      '两种情况我都见过。',
      '在表态之前，我还想多了解一点。',
      '有时候还行，有时候又不行。',
      '还可以吧，没什么特别的。',
      '想法是一回事，做起来是另一回事。',
      '没人问的时候，我从没认真想过。',
      '两边的道理我都懂，反而更难选。',
      '这件事对我没有对别人那么要紧。',
      '过几年再问我，答案可能就变了。',
    ],
    bad: [
      '我看不出这对我有什么用。',
      '它多半让我失望。',
      '好像总是别人得好处，不是我们。',
      '我试过一次，够了。',
      '带来的麻烦比好处大。',
      '太花时间，我真没那个工夫。',
      '我宁愿保持现在这样。',
      '听着不错，真过起日子来就不一样了。',
      '他们想出这个主意之前，没人问过我们。',
      '光是想想我就有点烦。',
      '有更简单的办法，还更便宜。',
      '说真的，我有点担心。',
    ],
  },
  lives: [
    '{about}，看事情的角度就不一样。',
    '{about}，事情就是这样。',
    '这跟我的生活有关系：{about}。',
    '可能跟我的处境有关，{about}。',
    '{about}，我几乎天天都能感觉到。',
    '我只能代表自己说话，{about}。',
  ],
  agree: [
    '{name}说的“{quote}”，我同意。',
    '{name}讲“{quote}”，正是我的感受。',
    '我跟{name}想的一样：“{quote}”。',
    '听{name}说“{quote}”，我觉得有道理。',
  ],
  disagree: [
    '{name}说“{quote}”，我不太同意。',
    '{name}，你说“{quote}”，我这边正好相反。',
    '听到{name}说“{quote}”，我怀疑大多数人是不是这样。',
    '不好意思，{name}那句“{quote}”说得有点过。',
  ],
  asides: [
    '我邻居大概会讲出另一个故事。',
    '上个礼拜我们在家还聊过这个。',
    '刚才我想到了我妈。',
    '这种事新闻里学不到。',
    '还有钱的问题，总绕不开钱。',
    '写出来未必好看，不过就是这么回事。',
    '星期一问我，我可没这么好说话。',
    '也许这里就我一个人这么想。',
    '反正我想到的就是这些。',
    '我也是过了好一阵才这么看的。',
  ],
  short: ['我没什么要补充的。', '不好说。', '这个我没太多想法。', '得再想想。'],
};

/** What simulated participants speak. */
export type SpokenLanguage = 'en' | 'zh';

export const PHRASES: Readonly<Record<SpokenLanguage, Phrases>> = { en: english, zh: chinese };

/**
 * How those who spoke took the matter: from -1, all against it, to 1. Understands what simulated participants say and
 * nothing else; 0 where nothing is understood.
 */
export function moodOf(text: string): number {
  const said = text.toLowerCase();
  let sum = 0;
  let count = 0;
  for (const { views } of Object.values(PHRASES)) {
    for (const [kind, weight] of [
      ['good', 1],
      ['mixed', 0],
      ['bad', -1],
    ] as const) {
      const found = views[kind].filter((view) => said.includes(heart(view))).length;
      sum += weight * found;
      count += found;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** The phrase of `PHRASES` that a sentence contains; `null` for none. */
export function viewIn(sentence: string): string | null {
  const said = sentence.toLowerCase();
  const views = Object.values(PHRASES).flatMap((phrases) => Object.values(phrases.views).flat());
  return views.find((view: string) => said.includes(heart(view))) ?? null;
}

/** Without its end, so that it is found in the middle of a text too. */
function heart(view: string): string {
  return view.slice(0, -1).toLowerCase();
}
