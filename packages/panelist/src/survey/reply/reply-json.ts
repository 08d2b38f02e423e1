import type { Repair } from './repairs.ts';

/** One `"key": value` of a reply's object. Keys may repeat: that is for the reader to judge. */
export interface ReplyMember {
  readonly key: string;
  readonly value: unknown;
  /** The value as it stood in the reply. */
  readonly raw: string;
}

export type ReplyObject =
  | { readonly found: true; readonly members: readonly ReplyMember[]; readonly repairs: readonly Repair[] }
  | { readonly found: false; readonly problem: string };

/** Characters. No page of a survey needs a tenth of it. */
const maxReplyLength = 100_000;

/** Characters of the words that may lead in to the object. */
const maxLeadIn = 80;

/**
 * The words of which a lead-in may be made: "Sure, here is my answer:". Any other could deny what follows ("I would
 * never say:"), and a repeat request costs less than a wrong answer.
 */
const leadInWords: ReadonlySet<string> = new Set(
  `sure ok okay certainly absolutely of course yes here here's heres is are my the this as in for to answer answers
  reply replies response responses result output json object format requested survey questions question
  好的 好 当然 以下 这是 以下是 如下 我的 回答 回复 答案 回答如下 答案如下 我的回答 我的回复 我的答案 我的回答如下
  以下是我的回答 以下是我的答案 这是我的回答 这是我的答案`.split(/\s+/),
);

/**
 * Finds the one JSON object of a reply. Around it may be a code fence, before it a closed block of reasoning and a
 * short lead-in; of any other text, a draft or an afterthought, nobody knows what it does to the object. Never
 * throws, whatever the text.
 */
export function findObject(text: string): ReplyObject {
  if (text.length > maxReplyLength) {
    return none(`the reply has ${text.length} characters; at most ${maxReplyLength} are read`);
  }
  const repairs: Repair[] = [];
  let rest = text.trim();
  if (rest === '') return none('the reply is empty');
  const reasoning = /^<think>[\s\S]*?<\/think>/i.exec(rest);
  if (reasoning) {
    rest = rest.slice(reasoning[0].length).trim();
    repairs.push('reasoning');
  }
  const start = rest.indexOf('{');
  const end = rest.lastIndexOf('}');
  if (start < 0 || end < start) return none('the reply holds no complete JSON object');
  const json = rest.slice(start, end + 1);
  if (!isJson(json)) return none('the reply is not exactly one valid JSON object');
  const before = rest.slice(0, start).trim();
  const after = rest.slice(end + 1).trim();
  const fence = /(?:^|\n)(```)[\w-]*$/.exec(before);
  const leadIn = fence ? before.slice(0, fence.index).trim() : before;
  if (after !== (fence?.[1] ?? '') || !(leadIn === '' || isLeadIn(leadIn))) {
    return none('there is text around the JSON object; reply with the object and nothing else');
  }
  if (fence) repairs.push('code-fence');
  if (leadIn !== '') repairs.push('surrounding-text');
  return { found: true, members: membersOf(json), repairs };
}

function isLeadIn(text: string): boolean {
  if (text.length > maxLeadIn || !/[:：]$/.test(text)) return false;
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}'_-]+/gu) ?? [];
  return words.length > 0 && words.every((word) => leadInWords.has(word));
}

/**
 * The members of an object that is known to be valid JSON, repeated keys included: `JSON.parse` would keep the last
 * of them in silence, and loses how a value was written.
 */
function membersOf(json: string): ReplyMember[] {
  const members: ReplyMember[] = [];
  let at = skipSpace(json, 1);
  while (json[at] !== '}') {
    const keyEnd = endOfString(json, at);
    const key = JSON.parse(json.slice(at, keyEnd)) as string;
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = endOfValue(json, start);
    const raw = json.slice(start, end);
    members.push({ key, value: JSON.parse(raw), raw });
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return members;
}

function skipSpace(json: string, at: number): number {
  let next = at;
  while (json.charCodeAt(next) <= 0x20) next += 1;
  return next;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(json: string, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const char = json[at] as string;
    if (char === '"') at = endOfString(json, at);
    else if (depth === 0 && (char === ',' || char === '}' || char <= ' ')) return at;
    else {
      if (char === '{' || char === '[') depth += 1;
      if (char === '}' || char === ']') depth -= 1;
      at += 1;
    }
    if (depth === 0 && (char === '"' || char === '}' || char === ']')) return at;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function none(problem: string): ReplyObject {
  return { found: false, problem };
}
