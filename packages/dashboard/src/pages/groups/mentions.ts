import type { Participant } from '../../api/types.ts';

/** An `@…` before the caret, where somebody's name is being typed. */
export interface Mention {
  /** Where the `@` is. */
  readonly start: number;
  /** What was typed after it. */
  readonly query: string;
}

const MAX_QUERY = 60;
const MAX_FOUND = 8;

/** The mention that is being typed at the caret; `null` where none is. */
export function mentionAt(text: string, caret: number): Mention | null {
  const before = text.slice(0, caret);
  const start = before.lastIndexOf('@');
  if (start < 0) return null;
  const query = before.slice(start + 1);
  // An address such as ada@example.org is none.
  const isBegun = start === 0 || /[\s,，、（(]/.test(before[start - 1] ?? '');
  return isBegun && query.length <= MAX_QUERY && !/[\n@]/.test(query) ? { start, query } : null;
}

/** Who may be meant: a word of the name begins so, or the id does. */
export function matching(
  participants: readonly Participant[],
  query: string,
  chosen: ReadonlySet<string>,
): readonly Participant[] {
  const wanted = folded(query);
  return participants
    .filter(({ id, name }) => {
      if (chosen.has(id)) return false;
      const whole = folded(name);
      return (
        wanted === '' ||
        whole.startsWith(wanted) ||
        whole.split(/\s+/).some((word) => word.startsWith(wanted)) ||
        folded(id).startsWith(wanted)
      );
    })
    .slice(0, MAX_FOUND);
}

/**
 * The text once somebody was chosen: at its beginning the name is only shown beside it, elsewhere it is part of the
 * sentence.
 */
export function withoutMention(
  text: string,
  { start, query }: Mention,
  name: string,
): { readonly text: string; readonly caret: number } {
  const end = start + 1 + query.length;
  const isFirst = text.slice(0, start).trim() === '';
  const put = isFirst ? '' : name;
  const rest = isFirst ? text.slice(end).trimStart() : text.slice(end);
  return { text: text.slice(0, start) + put + rest, caret: start + put.length };
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimStart();
}
