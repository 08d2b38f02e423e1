/**
 * Where each option stands on an ordered scale, from 0 (least) to 1 (most); `null` for options beside the scale
 * ("Don't know"). The whole is `null` when the options aren't a scale. The order of the options does not matter.
 */
export function scaleOf(options: readonly unknown[]): readonly (number | null)[] | null {
  const scores = options.map(scoreOf);
  const levels = [...new Set(scores.filter((score) => score !== null))].sort((a, b) => a - b);
  const scored = scores.filter((score) => score !== null).length;
  // Two options in three must be recognised, or names that happen to hold a scale's word would make one.
  if (levels.length < 2 || scored * 3 < options.length * 2) return null;
  return scores.map((score) => (score === null ? null : levels.indexOf(score) / (levels.length - 1)));
}

/** "Don't know", "Prefer not to say": an option that isn't an opinion. */
export function isAside(option: unknown): boolean {
  return typeof option === 'string' && ASIDE.test(option);
}

/** "None of the above": an option that goes with no other. */
export function isExclusive(option: unknown): boolean {
  return typeof option === 'string' && (EXCLUSIVE.test(option) || isAside(option));
}

const ASIDE =
  /^(don.?t know|do not know|not sure|no opinion|no answer|n\/a|refuse|not applicable)|prefer not|rather not|不知道|不清楚|不确定|不想回答|拒绝|不适用/i;
const EXCLUSIVE = /^none\b|none of (the|these)|^(以上皆)?无$|都不|都没有|均不|以上皆非/i;

/** Tried from the top. */
const SCORES: readonly (readonly [pattern: RegExp, score: number])[] = [
  [
    /neither|neutral|moderate|^some ?times|undecided|about the same|^maybe|^average|中立|一般|有时|差不多|不好说/,
    0,
  ],
  [
    /not (very|too|so|really|much)\b|(somewhat|slightly|rather|probably|fairly) (not|un|dis)|不太|不大|不怎么|较不|有点不/,
    -1,
  ],
  [
    /not at all|never\b|definitely not|terrible|awful|从不|从来不|完全不|非常不|极不|很不|十分不|绝不|非常差|很差/,
    -3,
  ],
  [
    /(strongly|completely|totally|very|extremely|much|highly) (disagree|dissat|un|bad|poor|worse|low|difficult|rare)/,
    -3,
  ],
  [
    /disagree|dissatisf|unlikely|unimportant|unhappy|unfavou?rable|\bpoor|\bbad\b|worse|rarely|seldom|hardly|difficult|\bno\b|\bnot\b|\blow\b|不|没有|很少|偶尔|较差|差$/,
    -2,
  ],
  [/(somewhat|slightly|rather|probably|fairly|quite|a little) |occasional|比较|有点|还算|较/, 1],
  [
    /(strongly|completely|totally|very|extremely|definitely|highly|much) |always|excellent|daily|every day|非常|完全|极|十分|总是|每天|很/,
    3,
  ],
  [
    /agree|satisf|likely|important|happy|\bgood\b|great|better|often|frequent|easy|\byes\b|\bhigh\b|favou?rable|weekly|同意|满意|可能|重要|好|经常|愿意|喜欢|^是|^会|^有/,
    2,
  ],
];

function scoreOf(option: unknown): number | null {
  if (typeof option === 'number') return option;
  if (typeof option === 'boolean') return option ? 1 : 0;
  if (typeof option !== 'string' || option.length > 60 || isAside(option)) return null;
  const text = option.trim().toLowerCase();
  if (/^-?\d{1,9}(\.\d+)?$/.test(text)) return Number(text);
  return SCORES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
