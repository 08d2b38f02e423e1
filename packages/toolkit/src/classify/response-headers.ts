import { read } from './read-property.ts';

/** Looks a header up by its lower-case name. */
export type HeaderLookup = (name: string) => string | undefined;

/**
 * Reads headers in whichever form a client keeps them: `Headers`, or a plain object in any case whose values
 * are strings, numbers or lists of them. Anything else has no headers. Nothing here throws.
 */
export function headerLookup(headers: unknown): HeaderLookup | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const get = read(headers, 'get');
  let byName: Map<string, string> | undefined;
  return (name) => {
    try {
      if (typeof get === 'function') return text(get.call(headers, name));
      byName ??= index(headers);
      return byName.get(name);
    } catch {
      return undefined;
    }
  };
}

function index(headers: object): Map<string, string> {
  const byName = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const line = text(value);
    if (line !== undefined) byName.set(name.toLowerCase(), line);
  }
  return byName;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.length > 0 ? text(value[0]) : undefined;
}
