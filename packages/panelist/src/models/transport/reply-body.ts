import { outsideOfStrings } from './json-strings.ts';

/** A reply's body as a vendor's package can read it. */
export interface ReplyBody {
  readonly text: string;
  /** The error object of a provider that failed under an HTTP status of success; `undefined` where there is none. */
  readonly error: Readonly<Record<string, unknown>> | undefined;
}

type JsonObject = Record<string, unknown>;

/** Where vendors report what a reply took. */
const usageKeys = ['usage', 'usageMetadata'] as const;

/** A key that the vendors' packages refuse may be written so, or with an escape in its name. */
const suspectedKey = /__proto__|constructor|\\u/;

const bareNumber = /-?\b(?:NaN|Infinity)\b/;
const bareNumbers = new RegExp(bareNumber, 'g');

/** The deepest level of arrays and objects in a JSON text. */
export function nestingOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  outsideOfStrings(json, (start, end) => {
    for (let at = start; at < end; at += 1) {
      const code = json.charCodeAt(at);
      if (code === 0x7b || code === 0x5b) {
        depth += 1;
        if (depth > deepest) deepest = depth;
      } else if (code === 0x7d || code === 0x5d) depth -= 1;
    }
  });
  return deepest;
}

/**
 * Makes a body readable that odd servers send, so that a paid reply is not thrown away. Token counts that are not finite
 * numbers become `null`, and so do bare `NaN` and `Infinity`; the keys that the vendors' packages refuse the whole body
 * for (`__proto__`, `constructor.prototype`) are left out. What needs none of this is returned as it is. `undefined` for
 * a body that is not JSON. Its nesting must have been checked before.
 */
export function readReplyBody(text: string): ReplyBody | undefined {
  const parsed = parse(text) ?? (bareNumber.test(text) ? parse(withoutBareNumbers(text)) : undefined);
  if (parsed === undefined) return undefined;
  const { body, source } = parsed;
  if (!isObject(body)) return { text: source, error: undefined };
  let isChanged = suspectedKey.test(source) && dropRefusedKeys(body);
  for (const key of usageKeys) {
    const usage = body[key];
    if (isObject(usage) && dropOddCounts(usage)) isChanged = true;
  }
  return { text: isChanged ? JSON.stringify(body) : source, error: errorIn(body) };
}

function parse(text: string): { readonly body: unknown; readonly source: string } | undefined {
  try {
    return { body: JSON.parse(text), source: text };
  } catch {
    return undefined;
  }
}

function withoutBareNumbers(text: string): string {
  let changed = '';
  let copied = 0;
  outsideOfStrings(text, (start, end) => {
    changed += text.slice(copied, start);
    changed += text.slice(start, end).replace(bareNumbers, 'null');
    copied = end;
  });
  return changed + text.slice(copied);
}

/** Whether anything had to be left out, here or deeper. */
function dropRefusedKeys(value: unknown): boolean {
  if (Array.isArray(value)) return value.map(dropRefusedKeys).includes(true);
  if (!isObject(value)) return false;
  let isChanged = false;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    const isRefused =
      key === '__proto__' || (key === 'constructor' && isObject(inner) && Object.hasOwn(inner, 'prototype'));
    if (isRefused) {
      delete value[key];
      isChanged = true;
    } else if (dropRefusedKeys(inner)) isChanged = true;
  }
  return isChanged;
}

/** Whether any had to be. */
function dropOddCounts(usage: JsonObject): boolean {
  let isChanged = false;
  for (const [key, value] of Object.entries(usage)) {
    if (isObject(value)) {
      if (dropOddCounts(value)) isChanged = true;
    } else if (/token|count/i.test(key) && value !== null && !Number.isFinite(value)) {
      usage[key] = null;
      isChanged = true;
    }
  }
  return isChanged;
}

/** At the top, as most report it, or inside the first choice, as OpenRouter does when the model behind it fails. */
function errorIn({ error, choices }: JsonObject): ReplyBody['error'] {
  const [choice] = Array.isArray(choices) ? choices : [];
  return reported(error) ?? (isObject(choice) ? reported(choice.error) : undefined);
}

/** Some send an empty object, or a code of 0, where nothing is wrong. */
function reported(error: unknown): ReplyBody['error'] {
  if (typeof error === 'string' && error !== '') return { message: error };
  if (!isObject(error)) return undefined;
  const { message, code, type, status } = error;
  const isEmpty = [message, code, type, status].every((each) => !each || each === '0');
  return isEmpty ? undefined : error;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
