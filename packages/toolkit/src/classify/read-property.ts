/** A property of anything, or `undefined`: what is thrown may be anything, and a getter of it may throw too. */
export function read(source: unknown, key: string): unknown {
  if (source === null || (typeof source !== 'object' && typeof source !== 'function')) return undefined;
  try {
    return (source as Readonly<Record<string, unknown>>)[key];
  } catch {
    return undefined;
  }
}
