/** What form of text is asked, where it is not any. */
export const textForms = [
  'date',
  'datetime-local',
  'month',
  'week',
  'time',
  'email',
  'url',
  'tel',
  'color',
] as const;
export type TextFormName = (typeof textForms)[number];

/** How the words of one language look that `survey/frame/` writes around a question, one object per language. */
export interface PromptWords {
  /** Behind the key of a question that may be left empty. */
  readonly optional: string;
  /** How the line begins that lists options below it; a list that is to be ranked, apart. */
  readonly choose: string;
  readonly rank: string;
  /** Captures the points: `1 (Not at all), 2, 3 (Very much)`. */
  readonly chooseNumber: RegExp;
  /** Captures something where the number must be whole. */
  readonly giveNumber: RegExp;
  /** Captures what is to be given: `a date as YYYY-MM-DD, not before 2026-01-01`. */
  readonly giveForm: RegExp;
  readonly forms: Readonly<Record<TextFormName, string>>;
  readonly fromTo: RegExp;
  readonly notBefore: RegExp;
  readonly notAfter: RegExp;
  /** Each captures a number, or two. */
  readonly limits: {
    readonly numberFromTo: RegExp;
    readonly numberAtLeast: RegExp;
    readonly numberAtMost: RegExp;
    readonly steps: RegExp;
    readonly exactly: RegExp;
    readonly between: RegExp;
    readonly atLeast: RegExp;
    /** Captures nothing: at least one. */
    readonly atLeastOne: RegExp;
    readonly leastCharacters: RegExp;
    readonly mostCharacters: RegExp;
  };
}

const NUMBER = String.raw`(-?\d{1,15}(?:\.\d{1,9})?)`;
const BOUND = String.raw`(\d[\dTW:-]*)`;
const COUNT = String.raw`(\d{1,4})`;
const LENGTH = String.raw`(\d{1,6})`;

function of(source: string): RegExp {
  return new RegExp(source);
}

const english: PromptWords = {
  optional: ' (optional)',
  choose: '(?:Choose|Rank) ',
  rank: 'Rank ',
  chooseNumber: /\n {2}Choose one number: ([^\n]*)/,
  giveNumber: /\n {2}Give a (whole )?number\b/,
  giveForm: /\n {2}Give (an? (?:date|month|week|time|e-mail|web|telephone|colour)[^\n]*)\./,
  forms: {
    'datetime-local': 'a date and time',
    date: 'a date',
    month: 'a month',
    week: 'a week',
    time: 'a time',
    email: 'an e-mail',
    url: 'a web',
    tel: 'a telephone',
    color: 'a colour',
  },
  fromTo: of(`, from ${BOUND} to ${BOUND}`),
  notBefore: of(`, not before ${BOUND}`),
  notAfter: of(`, not after ${BOUND}`),
  limits: {
    numberFromTo: of(`\\bnumber from ${NUMBER} to ${NUMBER}`),
    numberAtLeast: of(`\\bnumber, at least ${NUMBER}`),
    numberAtMost: of(`\\bnumber, at most ${NUMBER}`),
    steps: of(`\\bin steps of ${NUMBER}`),
    exactly: of(`\\b(?:[Cc]hoose|[Rr]ank) exactly ${COUNT}\\b`),
    between: of(`\\b(?:[Cc]hoose|[Rr]ank) ${COUNT} to ${COUNT}\\b`),
    atLeast: of(`\\b[Cc]hoose at least ${COUNT}\\b`),
    atLeastOne: /\b[Cc]hoose all that apply, at least one\b/,
    leastCharacters: of(`\\bat least ${LENGTH} characters\\b`),
    mostCharacters: of(`\\bat most ${LENGTH} characters\\b`),
  },
};

const chinese: PromptWords = {
  optional: '（选答）',
  choose: '(?:选择(?:一项|恰好|至少|全部|所有| \\d)|对(?:其中|全部)[^\\n]*排序)',
  rank: '对(?:其中|全部)[^\\n]*排序，',
  chooseNumber: /\n {2}选择一个数字：([^\n]*)/,
  giveNumber: /\n {2}填写一个(?:[^\n，。（]* 之间的|不[小大]于[^\n，。（]*的)?(?:(整数)|数字)/,
  giveForm: /\n {2}填写(一(?:个|种)(?:日期|月份|周次|时间|电子邮件|网址|电话|颜色)[^\n]*)。/,
  forms: {
    'datetime-local': '一个日期和时间',
    date: '一个日期',
    month: '一个月份',
    week: '一个周次',
    time: '一个时间',
    email: '一个电子邮件',
    url: '一个网址',
    tel: '一个电话',
    color: '一种颜色',
  },
  fromTo: of(`，从 ${BOUND} 到 ${BOUND}`),
  notBefore: of(`，不早于 ${BOUND}`),
  notAfter: of(`，不晚于 ${BOUND}`),
  limits: {
    numberFromTo: of(`一个 ${NUMBER} 到 ${NUMBER} 之间的(?:整数|数字)`),
    numberAtLeast: of(`一个不小于 ${NUMBER} 的(?:整数|数字)`),
    numberAtMost: of(`一个不大于 ${NUMBER} 的(?:整数|数字)`),
    steps: of(`，步长为 ${NUMBER}`),
    exactly: of(`(?:选择|对其中)恰好 ${COUNT} 项`),
    between: of(`(?:选择|对其中) ${COUNT} 到 ${COUNT} 项`),
    atLeast: of(`(?:选择|对其中)至少 ${COUNT} 项`),
    atLeastOne: /选择所有符合的选项，至少一项/,
    leastCharacters: of(`至少 ${LENGTH} 个字符`),
    mostCharacters: of(`最多 ${LENGTH} 个字符`),
  },
};

/** A line that only the Chinese frame writes: what to do, below a question or before the rows of a grid. */
const CHINESE_TASK = of(
  `(?:^|\\n)(?:  |以下 \\d+ 题，每题)(?:${chinese.choose}|选择一个数字：|填写一[个种]|用(?:几个词|一两句或几句话)回答)`,
);

/** The language of the words around the questions of a prompt, whatever that of the questions. */
export function wordsOf(prompt: string): PromptWords {
  return CHINESE_TASK.test(prompt) ? chinese : english;
}
