import { type TranscriptTexts, transcriptTexts } from './transcript-texts.ts';

/** All words of ours in a focus group's report, besides those that it has in common with a transcript. */
export interface ReportTexts extends TranscriptTexts {
  readonly title: (title: string) => string;
  /** At the foot of printed pages. */
  readonly printed: string;
  readonly contents: string;
  readonly rounds: string;
  readonly replies: string;
  readonly failed: string;
  readonly medianWords: string;
  readonly people: (words: number) => string;
  readonly words: (count: number) => string;
  readonly transcript: string;
  readonly participation: string;
  readonly participationNote: (gini: string) => string;
  readonly speaker: string;
  readonly share: string;
  readonly wordCount: string;
  readonly median: string;
  readonly lengths: string;
  readonly length: string;
  readonly shareOfReplies: string;
  readonly lengthsNote: (median: string, ratio: string, human: number) => string;
  readonly upTo: (words: number) => string;
  readonly over: (words: number) => string;
  readonly shifts: string;
  readonly shiftsNote: string;
  readonly question: string;
  readonly changed: string;
  readonly ofPairs: (changed: number, pairs: number) => string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  readonly spread: string;
  readonly nearer: string;
  readonly likeness: string;
  readonly convergenceNote: string;
  readonly slope: (slope: string) => string;
  readonly distinctivenessNote: (recognised: string, chance: string) => string;
  readonly similarity: string;
  readonly recognised: string;
  readonly themes: string;
  readonly themesBy: { readonly keywords: string; readonly model: (model: string) => string };
  readonly themeCount: (speakers: number, replies: number) => string;
  readonly none: string;
  readonly intervals: string;
}

const english: Omit<ReportTexts, keyof TranscriptTexts> = {
  title: (title) => `${title} (synthetic focus group)`,
  printed: 'Synthetic data: a language model played all participants',
  contents: 'Contents',
  rounds: 'Rounds',
  replies: 'Replies',
  failed: 'Failed',
  medianWords: 'Median length',
  people: (words) => `people: ${words}`,
  words: (count) => `${count} ${count === 1 ? 'word' : 'words'}`,
  transcript: 'What was said',
  participation: 'Who spoke how much',
  participationNote: (gini) =>
    `Words of each participant. Gini coefficient ${gini}: 0 where all say equally much, near 1 where one says everything.`,
  speaker: 'Participant',
  share: 'Share of the words',
  wordCount: 'Words',
  median: 'Median',
  lengths: 'How long replies are',
  length: 'Length',
  shareOfReplies: 'Share of the replies',
  lengthsNote: (median, ratio, human) =>
    `The median reply has ${median} words, ${ratio} × what people say at a time in focus groups (${human}; arXiv 2512.00047).`,
  upTo: (words) => `up to ${words} words`,
  over: (words) => `over ${words} words`,
  shifts: 'What the talk moved',
  shiftsNote:
    'Answers that each participant gave alone, before the talk and after it; only those with an answer both times. A smaller spread, and more who came nearer to the others’ mean, can mean that they conformed.',
  question: 'Question',
  changed: 'Changed',
  ofPairs: (changed, pairs) => `${changed} of ${pairs}`,
  before: 'Before',
  after: 'After',
  difference: 'Difference',
  spread: 'Spread (sd)',
  nearer: 'Nearer / farther',
  likeness: 'How alike they sound',
  convergenceNote:
    'Likeness of the replies of one round: the mean cosine of their words’ TF-IDF vectors, over all pairs. It sees words and not opinions, and each round asks something else.',
  slope: (slope) => `Change from one round to the next: ${slope}.`,
  distinctivenessNote: (recognised, chance) =>
    `Given to whoever it is most like, a reply goes to the right participant in ${recognised} of all cases; by chance it would in ${chance}. Near chance, one voice plays them all.`,
  similarity: 'Likeness',
  recognised: 'Recognised',
  themes: 'Themes',
  themesBy: {
    keywords:
      'Found by counting keywords, without a model: the words that the most participants used and that the host did not. It finds words, not meanings.',
    model: (model) => `Found by ${model}. Quotations that nobody said were left out.`,
  },
  themeCount: (speakers, replies) => `${speakers} participants, ${replies} replies`,
  none: 'None were found.',
  intervals: 'All intervals, 95 %: model sampling error only.',
};

const chinese: Omit<ReportTexts, keyof TranscriptTexts> = {
  title: (title) => `${title}（合成焦点小组）`,
  printed: '合成数据：所有参与者都由语言模型扮演',
  contents: '目录',
  rounds: '轮次',
  replies: '回复',
  failed: '失败',
  medianWords: '长度中位数',
  people: (words) => `真人：${words}`,
  words: (count) => `${count} 词`,
  transcript: '讨论记录',
  participation: '谁说了多少',
  participationNote: (gini) =>
    `每位参与者所说的词数。基尼系数 ${gini}：0 表示大家说得一样多，接近 1 表示几乎由一人包办。`,
  speaker: '参与者',
  share: '占总词数',
  wordCount: '词数',
  median: '中位数',
  lengths: '回复有多长',
  length: '长度',
  shareOfReplies: '占回复数',
  lengthsNote: (median, ratio, human) =>
    `回复的中位数是 ${median} 词，是真人在焦点小组中每次发言（${human} 词，arXiv 2512.00047）的 ${ratio} 倍。中文按词典分词计数。`,
  upTo: (words) => `不超过 ${words} 词`,
  over: (words) => `超过 ${words} 词`,
  shifts: '讨论改变了什么',
  shiftsNote:
    '每位参与者在讨论前后各自单独作答；只统计两次都有答案的人。离散程度变小、向他人均值靠拢的人变多，可能意味着从众。',
  question: '问题',
  changed: '改变答案',
  ofPairs: (changed, pairs) => `${pairs} 人中 ${changed} 人`,
  before: '讨论前',
  after: '讨论后',
  difference: '差值',
  spread: '离散程度（标准差）',
  nearer: '靠拢 / 远离',
  likeness: '说话有多像',
  convergenceNote:
    '同一轮回复之间的相似度：词语 TF-IDF 向量两两余弦的平均值。它只看用词，不看观点；而且每一轮问的内容不同。',
  slope: (slope) => `每过一轮的变化：${slope}。`,
  distinctivenessNote: (recognised, chance) =>
    `把每条回复归给用词最相近的人，${recognised} 能归对；随机猜测是 ${chance}。接近随机水平，说明所有人其实是同一个声音。`,
  similarity: '相似度',
  recognised: '归对比例',
  themes: '主题',
  themesBy: {
    keywords:
      '用关键词计数法得出，没有使用模型：参与者中最多人用到、而主持人没有说过的词。它找到的是词，不是含义。',
    model: (model) => `由 ${model} 得出；没有人说过的引文已经剔除。`,
  },
  themeCount: (speakers, replies) => `${speakers} 位参与者，${replies} 条回复`,
  none: '没有找到。',
  intervals: '所有 95 % 区间只包含模型抽样误差。',
};

/** In the language that is spoken, where we have it; else in English. */
export function reportTexts(language: string): ReportTexts {
  const texts = transcriptTexts(language);
  return { ...texts, ...(texts.lang === 'zh-CN' ? chinese : english) };
}
