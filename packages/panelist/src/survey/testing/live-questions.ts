/** For tests: finds the questions of SurveyJS's `Model` that ours stand for, and those that it shows. */

import type {
  ItemValue,
  Question as LiveQuestion,
  Model,
  QuestionMatrixDropdownModelBase,
  QuestionMatrixModel,
  QuestionMultipleTextModel,
  QuestionPanelDynamicModel,
  QuestionSelectBase,
} from 'survey-core';
import type { Question } from '../questionnaire.ts';

/** The question, cell or comment area of SurveyJS's that one of ours asks. */
export interface Live {
  readonly question: LiveQuestion;
  /** Of a grid's cell: its column's title, which SurveyJS shows above it. */
  readonly title?: string;
  readonly part: 'value' | 'comment' | 'count' | { readonly row: string } | { readonly end: number };
}

export function choicesOf(question: LiveQuestion): readonly ItemValue[] | null {
  const type = question.getType();
  if (
    ['radiogroup', 'dropdown', 'buttongroup', 'imagepicker', 'checkbox', 'tagbox', 'ranking'].includes(type)
  )
    return (question as QuestionSelectBase).visibleChoices.filter(
      (item) => item.isEnabled && item !== (question as { selectAllItem?: unknown }).selectAllItem,
    );
  return null;
}

export function isShown(question: LiveQuestion): boolean {
  return question.isVisible && question.isParentVisible;
}

export function rootOf(question: LiveQuestion): LiveQuestion {
  let root = question;
  while (root.parentQuestion) root = root.parentQuestion as LiveQuestion;
  return root;
}

/** SurveyJS's question for one of ours, by where its value is; `null` where it has none now. */
export function liveOf(model: Model, { name, target, path, ...question }: Question): Live | null {
  if ('counts' in question && question.counts !== null) {
    const [list, ...inside] = question.counts.target;
    const live = find(model, String(list));
    const found = live ? within(live, inside) : null;
    return found ? { question: found.question, part: 'count' } : null;
  }
  const [first, ...rest] = target;
  const root =
    (name.includes('#') || String(first) !== name ? byPath(model, path) : null) ?? find(model, String(first));
  if (!root) {
    const owner = String(first).endsWith('-Comment') ? find(model, String(first).slice(0, -8)) : null;
    return owner && rest.length === 0 ? { question: owner, part: 'comment' } : null;
  }
  return within(root, rest);
}

/** The question at the top of a path of the file: `pages[0].elements[2].elements[0]`. */
function byPath(model: Model, path: string): LiveQuestion | null {
  const steps = [...path.matchAll(/(?:^|\.)(pages|elements|questions)\[(\d+)\]/gy)];
  let at: { readonly elements?: readonly unknown[] } | undefined;
  for (const [, list, index] of steps) {
    if (list === 'pages') at = model.pages[Number(index)];
    else at = ((at ?? model.pages[0])?.elements?.[Number(index)] ?? undefined) as typeof at;
  }
  return at !== undefined && 'getValueName' in at ? (at as unknown as LiveQuestion) : null;
}

export function within(question: LiveQuestion, path: readonly (string | number)[]): Live | null {
  if (path.length === 0) return { question, part: 'value' };
  const [step, next, ...rest] = path;
  const type = question.getType();
  if (type === 'slider') return { question, part: { end: Number(step) } };
  if (type === 'matrix') return { question, part: { row: String(step) } };
  if (type === 'multipletext') {
    const item = (question as QuestionMultipleTextModel).items.find((each) => each.name === step);
    return item ? { question: item.editor, part: 'value' } : null;
  }
  if (type === 'paneldynamic') {
    const panel = (question as QuestionPanelDynamicModel).panels[Number(step)];
    return panel ? inside(panel.questions, String(next), rest) : null;
  }
  if (type === 'matrixdropdown' || type === 'matrixdynamic') {
    const rows = (question as QuestionMatrixDropdownModelBase).visibleRows;
    const row =
      typeof step === 'number' ? rows[step] : rows.find(({ rowName }) => String(rowName) === String(step));
    const cell = row?.cells.find(({ column }) => column.name === next);
    if (cell && rest.length === 0)
      return { question: cell.question, part: 'value', title: cell.column.locTitle.renderedHtml };
    if (row?.hasPanel) row.showDetailPanel();
    return row ? inside(row.questions, String(next), rest) : null;
  }
  return null;
}

function inside(
  questions: readonly LiveQuestion[],
  name: string,
  rest: readonly (string | number)[],
): Live | null {
  const found = questions.find((each) => each.getValueName() === name || each.name === name);
  if (found) return within(found, rest);
  const owner = name.endsWith('-Comment')
    ? questions.find((each) => each.getValueName() === name.slice(0, -8))
    : null;
  return owner ? { question: owner, part: 'comment' } : null;
}

export function find(model: Model, name: string): LiveQuestion | null {
  return (
    model.getAllQuestions().find((each) => each.getValueName() === name) ??
    (model.getQuestionByName(name) as LiveQuestion | null)
  );
}

const askable = new Set(
  'radiogroup dropdown buttongroup imagepicker checkbox tagbox ranking rating boolean text comment slider'.split(
    ' ',
  ),
);

/** Names, as ours, of all that SurveyJS shows on a page and lets be answered. */
export function* shownOn(model: Model, index: number): Generator<[string, LiveQuestion]> {
  const page = model.pages[index];
  if (!page?.isVisible) return;
  for (const question of page.questions) yield* shownIn(question, question.getValueName());
}

function* shownIn(question: LiveQuestion, name: string): Generator<[string, LiveQuestion]> {
  if (!isShown(question) || question.isReadOnly) return;
  const type = question.getType();
  if (askable.has(type)) {
    if (type === 'slider' && (question as unknown as { sliderType: string }).sliderType === 'range') {
      yield [`${name}.from`, question];
      yield [`${name}.to`, question];
      return;
    }
    if ((choicesOf(question)?.length ?? 2) < (type === 'ranking' ? 2 : 1)) return;
    yield [name, question];
  }
  if (question.hasComment) yield [`${name}-Comment`, question];
  else if ((question as QuestionSelectBase).isOtherSelected) yield [`${name}-Comment`, question];
  if (type === 'matrix') {
    for (const row of (question as QuestionMatrixModel).visibleRows) {
      if (!(row as unknown as { isReadOnly?: boolean }).isReadOnly)
        yield [`${name}.${String(row.name)}`, question];
    }
  }
  if (type === 'multipletext')
    for (const { name: item, editor } of (question as QuestionMultipleTextModel).items)
      yield* shownIn(editor, `${name}.${item}`);
  if (type === 'paneldynamic')
    for (const [at, panel] of (question as QuestionPanelDynamicModel).panels.entries())
      for (const each of panel.questions) yield* shownIn(each, `${name}[${at}].${each.getValueName()}`);
  if (type === 'matrixdropdown' || type === 'matrixdynamic')
    for (const [at, row] of (question as QuestionMatrixDropdownModelBase).visibleRows.entries()) {
      const entry = type === 'matrixdynamic' ? `${name}[${at}]` : `${name}.${String(row.rowName)}`;
      for (const cell of row.cells) yield* shownIn(cell.question, `${entry}.${cell.column.name}`);
      for (const detail of row.detailPanel?.questions ?? [])
        yield* shownIn(detail, `${entry}.${detail.getValueName()}`);
    }
}
