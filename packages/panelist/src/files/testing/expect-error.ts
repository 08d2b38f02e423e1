import { expect } from 'vitest';

/** For tests: `reading` rejects with a `PanelistError` of that code, whose text has all the parts. */
export async function expectError(
  reading: Promise<unknown>,
  code: string,
  ...parts: readonly string[]
): Promise<void> {
  const error: unknown = await reading.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'PanelistError', code });
  for (const part of parts) expect(String(error)).toContain(part);
}
