/** What texts are about, as far as is needed to see that a question asks for something that a persona states. */

/** Words that mean the same thing in a persona's keys and in a question, in English and Chinese. */
const CONCEPTS: Readonly<Record<string, readonly string[]>> = {
  age: ['age', 'aged', 'old', '年龄', '多大', '几岁', '岁'],
  birth: ['birth', 'born', 'birthday', 'birthyear', '出生', '生日'],
  gender: ['gender', 'sex', '性别'],
  education: ['education', 'degree', 'schooling', 'educational', '学历', '教育', '文化程度'],
  place: [
    'city',
    'region',
    'country',
    'province',
    'area',
    'live',
    'location',
    'residence',
    '城市',
    '地区',
    '省',
    '居住',
  ],
  work: ['occupation', 'job', 'profession', 'employment', 'work', 'employed', '职业', '工作', '行业'],
  income: ['income', 'salary', 'earn', 'earning', 'wage', '收入', '工资', '月薪', '年薪'],
  marriage: ['marital', 'married', 'marriage', '婚姻', '结婚'],
};

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

const CONCEPT_OF_WORD = new Map<string, string>();
const CJK_CONCEPT_WORDS: (readonly [word: string, concept: string])[] = [];
for (const [concept, words] of Object.entries(CONCEPTS)) {
  for (const word of words) {
    if (isCjk(word)) CJK_CONCEPT_WORDS.push([word, concept]);
    else CONCEPT_OF_WORD.set(word, concept);
  }
}

const STOP_WORDS = new Set(
  `a an and are at be been best by can could current currently describe did do does enter following for from had
  has have how i if in is it its level many me most much my of on or our please question respondent say select
  tell that the their them there these they this to us was we were what when where which who why will with would
  you your yours`.split(/\s+/),
);

const CJK_FILLER =
  /请问|请|您|你|的|是|什么|多少|为|属于|以下|哪|一|种|类|个|填写|选择|输入|告诉|我们|目前|现在|吗|[\s\p{P}]/gu;

/** A survey has few questions and few keys, and asks them thousands of times. */
const known = new Map<string, ReadonlySet<string>>();
const MAX_KNOWN = 2_000;

/** The set of things that `text` names: concepts by their name, other words as they are, without a plural's s. */
export function topicsOf(text: string): ReadonlySet<string> {
  let topics = known.get(text);
  if (topics === undefined) {
    topics = readTopics(text);
    if (known.size === MAX_KNOWN) known.clear();
    known.set(text, topics);
  }
  return topics;
}

function readTopics(text: string): ReadonlySet<string> {
  const topics = new Set<string>();
  const words = text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  for (const [word] of words.matchAll(/[a-z0-9]+/g)) {
    if (STOP_WORDS.has(word)) continue;
    const stem = word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
    topics.add(CONCEPT_OF_WORD.get(word) ?? CONCEPT_OF_WORD.get(stem) ?? stem);
  }
  if (isCjk(text)) {
    let rest = text;
    for (const [word, concept] of CJK_CONCEPT_WORDS) {
      if (!rest.includes(word)) continue;
      topics.add(concept);
      rest = rest.replaceAll(word, ' ');
    }
    for (const part of rest.replace(CJK_FILLER, ' ').split(' ')) {
      if (isCjk(part)) topics.add(part);
    }
  }
  return topics;
}

/** The two name at least one thing in common. */
export function shareTopic(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const topic of a) if (b.has(topic)) return true;
  return false;
}

/** The two name a common concept ("salary", "收入"), not just a common word. */
export function shareConcept(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const topic of a) if (Object.hasOwn(CONCEPTS, topic) && b.has(topic)) return true;
  return false;
}

/** All of `part` is in `whole`, and there is something in it. */
export function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  if (part.size === 0) return false;
  for (const topic of part) if (!whole.has(topic)) return false;
  return true;
}

/** Holds a Chinese, Japanese or Korean character. */
export function isCjk(text: string): boolean {
  return text.search(CJK) >= 0;
}

/** Is written in Chinese rather than with letters: one Chinese character weighs as much as two letters. */
export function isMostlyCjk(text: string): boolean {
  const cjk = text.match(CJK)?.length ?? 0;
  return cjk > 0 && cjk * 3 >= (text.match(/\p{L}/gu)?.length ?? 0);
}
