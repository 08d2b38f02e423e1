import { useEffect, useState } from 'react';
import { type Draft, emptyDraft } from './draft.ts';

const KEY = 'panelist.draft';
/** More than that is not kept over a reload. */
const MAX_CHARS = 1_000_000;

/** The draft of this tab. A reload keeps it; a closed tab doesn't. */
export function useDraft() {
  const [draft, setDraft] = useState(stored);
  useEffect(() => {
    try {
      const text = JSON.stringify(draft);
      if (text.length <= MAX_CHARS) sessionStorage.setItem(KEY, text);
      else sessionStorage.removeItem(KEY);
    } catch {
      // Without storage it lasts as long as the page.
    }
  }, [draft]);
  const change = (changed: Partial<Draft>): void => setDraft((before) => ({ ...before, ...changed }));
  return { draft, change };
}

export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

function stored(): Draft {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return typeof found === 'object' && found !== null ? { ...emptyDraft, ...found } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}
