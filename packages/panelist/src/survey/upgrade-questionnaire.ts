import type { Block, ComputedValue, Page, PageElement, Questionnaire } from './questionnaire.ts';

/** What questionnaires that earlier versions stored with their tasks may lack, or call otherwise. */
type Stored<T> = Partial<T> & { readonly isStem?: boolean };

/**
 * A questionnaire as this version reads it, from one that an earlier version compiled and stored with its task. One
 * that is complete comes back as it is.
 */
export function upgradeQuestionnaire(stored: Questionnaire): Questionnaire {
  const given = stored as Stored<Questionnaire>;
  if (given.lists !== undefined) return stored;
  return {
    ...stored,
    pages: stored.pages.map((page): Page => ({ ...page, elements: page.elements.map(element) })),
    computed: stored.computed.map((each): ComputedValue => {
      const { name, expression, isResult } = each;
      return { name, target: [name], expression, isResult, visibleIf: [], precision: null, display: null };
    }),
    lists: [],
    clearInvisibleValues: 'onComplete',
    skipped: [],
  };
}

function element(stored: PageElement): PageElement {
  if (stored.kind === 'note') return stored;
  if (stored.kind === 'block') {
    const isGrid = stored.isGrid ?? (stored as Stored<Block>).isStem ?? false;
    return { ...stored, isGrid, elements: stored.elements.map(element) };
  }
  const checks = stored.checks.map((check) => ({ ...check, allowsUnknown: check.allowsUnknown ?? true }));
  const common = { ...stored, defaultExpression: null, checks };
  // A number of entries had no place in the data.
  const target = stored.target.length === 0 ? [stored.name] : stored.target;
  const bounds = { minExpression: null, maxExpression: null };
  if (stored.kind === 'number') {
    const counts = stored.target.length === 0 ? { target: [stored.name], keepsEmpty: false } : null;
    return { ...bounds, counts, labels: [], ...common, target } as PageElement;
  }
  return stored.kind === 'text' ? ({ ...bounds, ...common } as PageElement) : (common as PageElement);
}
