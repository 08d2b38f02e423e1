import type { TaskRecord } from '@panelist/toolkit';
import { readAnswerTable } from '../../analysis/answer-table.ts';
import { compareWithHumans, type HumanComparison } from '../../analysis/compare-humans.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { SaidLevels } from '../../survey/measurement.ts';
import { type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import { type SurveyResult, surveyResults } from '../../survey/survey-results.ts';
import type { SurveyTaskParams } from '../../survey/survey-task.ts';
import type { Workspace } from '../open-workspace.ts';
import { paramsWithLevels, surveyParams } from '../surveys/answer-files.ts';

export interface CompareRunsOptions extends SaidLevels {
  /** Of the bootstrap of intervals. @default 1 */
  readonly seed?: number | undefined;
}

/**
 * The answers of one run beside those of another, question by question; in the result, the second run is where people are in
 * a comparison with them. Questions are matched by name, and must be of the same kind; what the second run's answers have
 * that is no option of the first run's question is listed as `unmatched`. Both are treated as independent samples: where the
 * same respondents were asked twice, the intervals are rather too wide.
 *
 * @throws PanelistError `USAGE` for a task that isn't a survey, one task twice, or runs without a common question
 */
export async function compareRuns(
  { tasks }: Pick<Workspace, 'tasks'>,
  first: TaskRecord,
  second: TaskRecord,
  { seed = 1, nominal, ordinal }: CompareRunsOptions = {},
): Promise<{ readonly params: SurveyTaskParams; readonly comparison: HumanComparison }> {
  if (first.taskId === second.taskId)
    throw new PanelistError('USAGE', 'A run cannot be compared with itself: choose another.');
  const params = paramsWithLevels(first, { nominal, ordinal });
  const { questionnaire } = params;
  const common = commonQuestions(questionnaire, surveyParams(second).questionnaire);
  if (common.size === 0)
    throw new PanelistError(
      'USAGE',
      `The two runs have no question in common: questions are matched by their names and kinds. The first has: ${questionsOf(
        questionnaire,
      )
        .slice(0, 20)
        .map(({ name }) => name)
        .join(', ')}.`,
    );
  const synthetic = await readAnswerTable(questionnaire, surveyResults(tasks, first.taskId));
  const unmatched = new UnmatchedValues(questionnaire);
  const other = await readAnswerTable(
    questionnaire,
    unmatched.of(surveyResults(tasks, second.taskId), common),
  );
  const comparison = compareWithHumans(
    synthetic,
    {
      table: other,
      rows: other.interviews,
      rowsWithoutWeight: 0,
      columns: new Map([...common].map((name) => [name, name])),
      unusedColumns: [],
      unmatched: unmatched.found(),
    },
    seed,
  );
  return { params, comparison };
}

function commonQuestions(first: Questionnaire, second: Questionnaire): ReadonlySet<string> {
  const kinds = new Map(questionsOf(second).map(({ name, kind }) => [name, kind]));
  return new Set(questionsOf(first).flatMap(({ name, kind }) => (kinds.get(name) === kind ? [name] : [])));
}

/** Distinct values that are listed of a question. */
const MOST_VALUES = 100;

/** Counts the answers that aren't options of the questionnaire's questions. */
class UnmatchedValues {
  readonly #options: ReadonlyMap<string, ReadonlySet<unknown>>;
  readonly #counts = new Map<string, Map<string, number>>();

  constructor(questionnaire: Questionnaire) {
    this.#options = new Map(
      questionsOf(questionnaire).flatMap((question) =>
        'options' in question ? [[question.name, new Set(question.options.map(({ value }) => value))]] : [],
      ),
    );
  }

  /** The results with the answers to common questions only. */
  async *of(results: AsyncIterable<SurveyResult>, common: ReadonlySet<string>): AsyncGenerator<SurveyResult> {
    for await (const result of results) {
      const answers = result.interview.answers.filter(({ question }) => common.has(question));
      for (const { question, value } of answers)
        for (const each of value === null ? [] : [value].flat()) this.#count(question, each);
      yield { ...result, interview: { ...result.interview, answers } };
    }
  }

  found(): ReadonlyMap<string, readonly (readonly [value: string, count: number])[]> {
    return new Map(
      Array.from(this.#counts, ([name, counts]) => [name, [...counts].sort((a, b) => b[1] - a[1])] as const),
    );
  }

  #count(question: string, value: unknown): void {
    const options = this.#options.get(question);
    if (options === undefined || options.has(value)) return;
    const counts = this.#counts.get(question) ?? new Map<string, number>();
    this.#counts.set(question, counts);
    const text = String(value);
    if (counts.has(text) || counts.size < MOST_VALUES) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
}
