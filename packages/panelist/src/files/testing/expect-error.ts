import { expect } from 'vitest';

/** For tests: expects `reading` to reject with a `PanelistError` of that code, whose text contains all parts. */
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
