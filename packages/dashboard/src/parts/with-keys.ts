/** Values with keys for React: their text, and a number where it occurs again. */
export function withKeys<T>(
  values: readonly T[],
  textOf: (value: T) => string,
): readonly { readonly key: string; readonly value: T }[] {
  const seen = new Map<string, number>();
  return values.map((value) => {
    const text = textOf(value);
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return { key: count === 1 ? text : `${text}\n${count}`, value };
  });
}
