/** No chat request is deeper; the bound keeps the recursion from overflowing the stack. */
const MAX_JSON_DEPTH = 64;

export class JsonTooDeepError extends Error {
  override readonly name = 'JsonTooDeepError';
}

/**
 * JSON with sorted keys and no white space, so that equal requests have equal text.
 *
 * @param value what `JSON.parse` returned
 * @throws JsonTooDeepError beyond {@link MAX_JSON_DEPTH} levels
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (depth >= MAX_JSON_DEPTH) throw new JsonTooDeepError(`JSON nested deeper than ${MAX_JSON_DEPTH} levels`);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  const members = value as Record<string, unknown>;
  const parts = Object.keys(members)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(members[key], depth + 1)}`);
  return `{${parts.join(',')}}`;
}
