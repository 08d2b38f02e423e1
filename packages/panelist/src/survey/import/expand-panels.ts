import { pathOf } from '../question.ts';
import {
  allOf,
  type Cell,
  type Expansion,
  entryCount,
  type Raw,
  type RawGroup,
  type RawPart,
  withDefault,
} from './cells.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import { bound } from './references.ts';
import { isObject } from './survey-node.ts';
import { answerKey, canonical } from './surveyjs-properties.ts';

const maxEntries = 200;

/** Takes a dynamic panel apart into its entries, each a panel of its own with the template's questions. */
export function expandPanels(raw: Raw, cell: Cell, problems: ImportProblems, place: Place): Expansion {
  const panel = canonical(raw, 'paneldynamic');
  const { templateElements, defaultValue } = panel;
  const elementsPlace = within(place, 'templateElements');
  if (!Array.isArray(templateElements) || templateElements.length === 0) {
    problems.unsupported(elementsPlace, 'it has no elements in the file');
    return { parts: [], fixedCount: null };
  }
  const { name } = cell;
  const path = pathOf(cell);
  const { fixedCount, max, question, isThere } = entryCount(
    {
      start: panel.panelCount,
      min: panel.minPanelCount,
      max: panel.maxPanelCount,
      preset: Array.isArray(defaultValue) ? defaultValue.length : 0,
      isOpen: panel.allowAddPanel !== false && panel.allowRemovePanel !== false,
      keepsEmpty: true,
      limit: maxEntries,
    },
    cell,
    panel,
    problems,
    place,
  );
  const entries = Array.from({ length: max }, (_, index): RawGroup => {
    const entry: Cell = { name: `${name}[${index}]`, target: [...cell.target, index] };
    const index01 = { condition: index, text: index + 1 };
    const literals = { panelIndex: index01, visiblePanelIndex: index01 };
    const prefixes = {
      panel: `${path}[${index}]`,
      prevPanel: `${path}[${index - 1}]`,
      nextPanel: `${path}[${index + 1}]`,
    };
    const own = bound(
      {
        visibleIf: panel.templateVisibleIf,
        title: panel.templateTitle,
        description: panel.templateDescription,
      },
      prefixes,
      literals,
    );
    const visibleIf = allOf([own.visibleIf, isThere(index)]);
    const presets = {
      own: Array.isArray(defaultValue) ? (defaultValue[index] as unknown) : undefined,
      each: Array.isArray(defaultValue) && index < defaultValue.length ? undefined : panel.defaultPanelValue,
      previous: panel.copyDefaultValueFromLastEntry === true && index > 0 ? `${path}[${index - 1}]` : null,
    };
    return {
      raw: {
        type: 'panel',
        name: entry.name,
        title: own.title ?? `${index + 1}.`,
        ...(own.description !== undefined && { description: own.description }),
        ...(visibleIf !== undefined && { visibleIf }),
      },
      place,
      elements: () =>
        bound(templateElements, prefixes, literals).flatMap((each, at) =>
          entryElement(each, entry, presets, { ...place, path: `${elementsPlace.path}[${at}]` }),
        ),
    };
  });
  return { parts: [...question, ...entries], fixedCount };
}

interface Presets {
  readonly own: unknown;
  readonly each: unknown;
  /** The entry before, where its values are the defaults of this one. */
  readonly previous: string | null;
}

function entryElement(element: unknown, entry: Cell, presets: Presets, place: Place): RawPart[] {
  if (!isObject(element)) return [];
  const { type } = element;
  if (type === 'panel') {
    const { elements: listed, questions, ...raw } = element;
    const key = Array.isArray(listed) ? 'elements' : 'questions';
    const inside = Array.isArray(listed) ? listed : Array.isArray(questions) ? questions : [];
    return [
      {
        raw,
        place,
        elements: () =>
          inside.flatMap((each, at) =>
            entryElement(each, entry, presets, { ...place, path: `${place.path}.${key}[${at}]` }),
          ),
      },
    ];
  }
  const key = answerKey(element);
  if (key === null || type === 'html' || type === 'image') return [{ raw: element, place, cell: null }];
  const preset = (values: unknown): unknown => (isObject(values) ? values[key] : undefined);
  const raw = withDefault(element, preset(presets.own), preset(presets.each));
  return [
    {
      raw:
        presets.previous === null ? raw : { ...raw, defaultValueExpression: `{${presets.previous}.${key}}` },
      place,
      cell: { name: `${entry.name}.${key}`, target: [...entry.target, key] },
    },
  ];
}
