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

/**
 * Finds the one JSON object of a reply. Text around it is let go only when no brace is in it, so that a second
 * object, a draft, or a cut-off one can never be taken for the reply. Never throws, whatever the text.
 */
export function findObject(text: string): ReplyObject {
  if (text.length > maxReplyLength) {
    return none(`the reply has ${text.length} characters; at most ${maxReplyLength} are read`);
  }
  const repairs: Repair[] = [];
  let rest = text.trim();
  if (rest === '') return none('the reply is empty');
  const thought = /^<think>/i.test(rest) ? rest.toLowerCase().indexOf('</think>') : -1;
  if (thought >= 0) {
    rest = rest.slice(thought + '</think>'.length).trim();
    repairs.push('reasoning');
  }
  const start = rest.indexOf('{');
  const end = rest.lastIndexOf('}');
  if (start < 0 || end < start) return none('the reply holds no complete JSON object');
  const json = rest.slice(start, end + 1);
  const before = rest.slice(0, start).trim();
  const after = rest.slice(end + 1).trim();
  const listed = before.endsWith('[') || /^[\],]/.test(after);
  if (listed || before.includes('}') || after.includes('{') || !isJson(json)) {
    return none('the reply is not exactly one valid JSON object');
  }
  repairs.push(...surroundings(before, after));
  return { found: true, members: membersOf(json), repairs };
}

function surroundings(before: string, after: string): Repair[] {
  if (!before && !after) return [];
  const fenced = /(?:^|\n)```[\w-]*$/.test(before) && after.startsWith('```');
  if (!fenced) return ['surrounding-text'];
  const bare = before.lastIndexOf('```') === 0 && after === '```';
  return bare ? ['code-fence'] : ['code-fence', 'surrounding-text'];
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
