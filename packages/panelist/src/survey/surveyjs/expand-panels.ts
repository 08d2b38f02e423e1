import { countName, entryCount, type RawCell, type RawGroup } from './expand-grid.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import { bound } from './references.ts';
import { isObject } from './survey-node.ts';
import { answerKey, canonical } from './surveyjs-properties.ts';

type Raw = Readonly<Record<string, unknown>>;

const maxEntries = 200;

/** Takes a dynamic panel apart into its entries, each a panel of its own with the template's questions. */
export function expandPanels(
  raw: Raw,
  name: string,
  problems: ImportProblems,
  place: Place,
): (RawCell | RawGroup)[] {
  const panel = canonical(raw, 'paneldynamic');
  const { templateElements } = panel;
  if (!Array.isArray(templateElements) || templateElements.length === 0) {
    problems.invalid(within(place, 'templateElements'), 'it has no elements');
    return [];
  }
  const { count, max, question } = entryCount(
    { start: panel.panelCount, min: panel.minPanelCount, max: panel.maxPanelCount },
    panel.allowAddPanel !== false && panel.allowRemovePanel !== false,
    name,
    raw,
  );
  const entries = Array.from({ length: Math.min(max, maxEntries) }, (_, index): RawGroup => {
    const entry = `${name}[${index}]`;
    const literals = { panelIndex: index + 1 };
    const prefixes = { panel: entry };
    const own = bound(
      {
        visibleIf: panel.templateVisibleIf,
        title: panel.templateTitle,
        description: panel.templateDescription,
      },
      prefixes,
      literals,
    );
    const conditions = [own.visibleIf, count === null ? undefined : `{${countName(name)}} > ${index}`].filter(
      (each) => typeof each === 'string' && each !== '',
    );
    return {
      raw: {
        type: 'panel',
        name: entry,
        title: own.title ?? `${index + 1}.`,
        ...(own.description !== undefined && { description: own.description }),
        ...(conditions.length > 0 && { visibleIf: conditions.map((each) => `(${each})`).join(' and ') }),
      },
      elements: bound(templateElements, prefixes, literals).flatMap((each) =>
        entryElement(each, name, index),
      ),
    };
  });
  return [...question, ...entries];
}

function entryElement(element: unknown, name: string, index: number): (RawCell | RawGroup)[] {
  if (!isObject(element)) return [];
  const { type } = element;
  if (type === 'panel') {
    const { elements: listed, questions, ...raw } = element;
    const inside = Array.isArray(listed) ? listed : Array.isArray(questions) ? questions : [];
    return [{ raw, elements: inside.flatMap((each) => entryElement(each, name, index)) }];
  }
  const key = answerKey(element);
  if (key === null || type === 'html' || type === 'image') return [{ raw: element, cell: null }];
  return [{ raw: element, cell: { name: `${name}[${index}].${key}`, target: [name, index, key] } }];
}
