import type { Option } from '../questionnaire.ts';

/**
 * Whether tasks of earlier versions read a list forwards or backwards instead of shuffling it. The result is part of a
 * questionnaire's hash, so this rule does not change; what is a scale today is decided by `measurementOf`.
 *
 * A list is one when its texts or values begin with numbers that only rise or only fall (`18–24`, `25–34` …, `$20k or
 * more`), or when both its ends are poles of one of the scales that questionnaires use. A wrong "no" shuffles a scale, a
 * wrong "yes" only fails to shuffle a list: in doubt it is a scale.
 */
export function isOrdinalScale(options: readonly Option[]): boolean {
  const plain = options.filter(({ role }) => role === 'plain');
  if (plain.length < 3) return false;
  const texts = plain.map(({ text }) => text.toLowerCase());
  return (
    isMonotonic(texts.map(firstNumber)) ||
    isMonotonic(plain.map(({ value }) => numberOf(value))) ||
    hasPoles(texts)
  );
}

function isMonotonic(numbers: readonly (number | null)[]): boolean {
  let rises = 0;
  let falls = 0;
  for (let index = 1; index < numbers.length; index += 1) {
    const [before, now] = [numbers[index - 1], numbers[index]];
    if (before === null || now === null || before === undefined || now === undefined) return false;
    if (now > before) rises += 1;
    else if (now < before) falls += 1;
    // "Under 20" and "20 to 30" begin at the same number.
    else if (index > 1 && index < numbers.length - 1) return false;
  }
  return rises === 0 || falls === 0;
}

function firstNumber(text: string): number | null {
  const found = /^\D{0,16}?(\d[\d,.\s]*)/.exec(text);
  if (!found?.[1]) return null;
  const number = Number(found[1].replace(/[,\s]/g, '').replace(/\.$/, ''));
  return Number.isFinite(number) ? number : null;
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : null;
}

/** One pole, the other, and both as they begin or end a list. */
const poles: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:dis|not )agree|不同意|不赞成/u, /(?<!dis)agree|(?<!不)同意|(?<!不)赞成/u],
  [/\bunlikely|not (?:at all )?likely|不可能|不太可能/u, /\blikely|(?<!不)可能/u],
  [/dissatisf|unsatisf|不满意/u, /(?<!dis|un)satisf|(?<!不)满意/u],
  [
    /\bnever|not at all|从不|从未|完全没有|一点也不/u,
    /\balways|very (?:often|much)|constantly|daily|every|all the time|extremely|completely|a (?:great deal|lot)|总是|非常|经常|完全(?!没有|不)/u,
  ],
  [/\bnever|rarely|seldom|从不|很少/u, /\boften|frequently|usually|经常|总是/u],
  [/\bpoor|terrible|awful|very bad|worst|差|很糟/u, /excellent|outstanding|\bgood|best|优秀|好/u],
  [
    /\bnot (?:at all |very |too )?[a-z]+|\bnone\b|\bnothing\b|不/u,
    /\b(?:very|extremely|completely|totally|absolutely|strongly|highly)\b|a (?:great deal|lot)|非常|极其/u,
  ],
  [/unimportant|not (?:at all )?important|不重要/u, /(?<!un)important|(?<!不)重要/u],
  [/\bless|worse|lower|decrease|much smaller|更少|更差/u, /\bmore|better|higher|increase|更多|更好/u],
  [/\bliberal|\bleft|democrat|自由|左/u, /conservative|\bright|republican|保守|右/u],
  [/\b(?:in|not )accurate|untrue|not true|inaccurate|false/u, /(?<!in|not )accurate|(?<!un|not )true/u],
  [
    /(?:un|dis)(?:comfortable|favou?rable|fair|pleasant|interested)|oppose|against|negative|hate|反对/u,
    /(?<!un|dis)(?:comfortable|favou?rable|fair|pleasant|interested)|support|favou?r|positive|love|支持/u,
  ],
  [
    /less than (?:a )?high school|no (?:formal )?(?:schooling|education)|primary|elementary|小学/u,
    /doctora|ph\.?d|graduate|professional|master|博士|研究生|硕士/u,
  ],
  [/\bsmall|\blow|\blittle|minimal|低|小/u, /\blarge|\bhigh|\bgreat|maximal|高|大/u],
];

function hasPoles(texts: readonly string[]): boolean {
  const [first = '', last = ''] = [texts[0], texts.at(-1)];
  return poles.some(
    ([low, high]) => (low.test(first) && high.test(last)) || (high.test(first) && low.test(last)),
  );
}
