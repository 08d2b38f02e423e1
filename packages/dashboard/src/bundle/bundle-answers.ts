import type {
  AnswerColumn,
  AnswerExplanation,
  AnswerPage,
  AnswerRow,
  AnswerStatus,
  AnswersSource,
} from '../data/answers-source.ts';
import { type BundleInterview, type BundleRow, type BundleRun, loadPart } from './bundle-data.ts';
import { type PlacedRow, selectRows } from './select-rows.ts';

/** The answers of a bundle. A page in the task's order loads one file; others load them all, once. */
export function bundleAnswers(run: BundleRun): AnswersSource {
  const { columns, rowsPerFile, interviewsPerFile, task } = run;
  const files = Math.ceil(task.totalCount / rowsPerFile);
  const rowsIn = async (file: number): Promise<readonly PlacedRow[]> =>
    (await loadPart<readonly BundleRow[]>(`answers-${file}`)).map((row, index) => ({
      ...row,
      position: file * rowsPerFile + index,
    }));
  const allRows = async (): Promise<readonly PlacedRow[]> => {
    const rows: PlacedRow[] = [];
    for (let file = 0; file < files; file += 1) rows.push(...(await rowsIn(file)));
    return rows;
  };
  const rowsBetween = async (from: number, to: number): Promise<readonly PlacedRow[]> => {
    const rows: PlacedRow[] = [];
    for (let file = Math.floor(from / rowsPerFile); file < files && file * rowsPerFile < to; file += 1)
      rows.push(...(await rowsIn(file)));
    return rows.filter(({ position }) => position >= from && position < to);
  };
  const positionOf = async (key: string): Promise<number> => {
    for (let file = 0; file < files; file += 1) {
      const found = (await rowsIn(file)).find((row) => row.key === key);
      if (found !== undefined) return found.position;
    }
    throw new Error(`This bundle has no interview ${JSON.stringify(key)}.`);
  };
  const keyAt = async (position: number): Promise<string | null> =>
    (await rowsBetween(position, position + 1))[0]?.key ?? null;

  return {
    columns: async () => columns,

    async page(_taskId, selection, from, limit): Promise<AnswerPage> {
      const places = selection.columns.map((id) => columns.findIndex((column) => column.id === id));
      const { filters, find, sort } = selection;
      const isPlain = filters.length === 0 && find === '' && sort === null;
      const selected = isPlain ? null : selectRows(await allRows(), columns, selection);
      const rows = selected?.slice(from, from + limit) ?? (await rowsBetween(from, from + limit));
      return {
        columns: selection.columns,
        rows: rows.map((row) => shownRow(row, places, columns)),
        from,
        selected: selected?.length ?? task.totalCount,
        total: task.totalCount,
        next: null,
        indexing: null,
        isCut: false,
      };
    },

    async explain(taskId, key, name): Promise<AnswerExplanation> {
      const position = await positionOf(key);
      const file = await loadPart<readonly BundleInterview[]>(
        `interviews-${Math.floor(position / interviewsPerFile)}`,
      );
      const interview = file[position % interviewsPerFile];
      const column = columns.find((each) => each.name === name);
      if (interview === undefined || column === undefined) throw new Error('It is not part of this bundle.');
      const around = {
        previous: position === 0 ? null : await keyAt(position - 1),
        next: position + 1 < task.totalCount ? await keyAt(position + 1) : null,
      };
      const place = { taskId, key, position, total: task.totalCount, ...around };
      const question = { name, title: column.title, kind: column.questionKind ?? '' };
      return { ...place, question, ...explained(interview, name) };
    },
  };
}

function shownRow(
  { position, key, state, problem, cells }: PlacedRow,
  places: readonly number[],
  columns: readonly AnswerColumn[],
): AnswerRow {
  return {
    ...{ position, key, state, problem },
    cells: places.map((place) => {
      const cell = cells[place];
      if (cell == null) return null;
      const text = cell.t ?? '';
      const isAnswer = columns[place]?.kind === 'question';
      const status = (isAnswer ? (cell.s ?? 'answered') : null) as AnswerStatus | null;
      return { status, text, isCut: text.endsWith('…') };
    }),
  };
}

function explained(
  interview: BundleInterview,
  name: string,
): Omit<AnswerExplanation, 'taskId' | 'key' | 'position' | 'total' | 'previous' | 'next' | 'question'> {
  const { respondentId, replicate, weight, failureCode, promptProblem, state, problem } = interview;
  const answer = interview.answers.find((each) => each.question === name);
  const calls = answer?.calls.flatMap((call) => interview.calls[call] ?? []) ?? [];
  const fallback = state === 'succeeded' ? 'skipped' : state === 'pending' ? 'pending' : 'failed';
  return {
    ...{ respondentId, replicate, weight, failureCode, calls },
    persona: Object.fromEntries(interview.persona),
    status: answer?.status ?? fallback,
    value: answer?.value ?? null,
    text: answer?.text ?? '',
    raw: answer?.raw ?? null,
    repairs: answer?.repairs ?? [],
    shownOptions: answer?.shownOptions ?? null,
    problem: answer?.problem ?? problem,
    promptProblem: calls.some(({ prompt }) => prompt === null) ? promptProblem : null,
  };
}
