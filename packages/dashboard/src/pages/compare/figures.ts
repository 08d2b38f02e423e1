/** With its sign, also where it is positive. */
export function signed(text: string, value: number): string {
  return value > 0 ? `+${text}` : text.replace('-', '−');
}

/** Small ones only as small. */
export function pText(p: number | null, format: { decimal(value: number, digits?: number): string }): string {
  if (p === null) return '–';
  return p < 0.001 ? '< 0.001' : format.decimal(p, 3);
}

/** Names may be any text; an id must not have spaces. */
export function questionId(name: string): string {
  return `q-${encodeURIComponent(name)}`;
}
