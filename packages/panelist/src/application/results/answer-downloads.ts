import type { TaskRecord } from '@panelist/toolkit';
import { codebookCsv } from '../../analysis/export/codebook.ts';
import { exportResults } from '../../analysis/export/export-results.ts';
import { methodsOf } from '../../analysis/export/methods.ts';
import { methodsMarkdown } from '../../analysis/export/methods-sheet.ts';
import { scanSurvey } from '../../analysis/export/survey-scan.ts';
import { wideTable } from '../../analysis/export/wide-table.ts';
import { messagesFor } from '../../languages/messages.ts';
import type { SaidLevels } from '../../survey/measurement.ts';
import { surveyResults } from '../../survey/survey-results.ts';
import type { Workspace } from '../open-workspace.ts';
import { paramsWithLevels, reportSurvey, surveyRecord } from '../surveys/answer-files.ts';

/** The files that a survey's answers can be downloaded as, with their media types. */
export const answerFileTypes = {
  'answers.csv': 'text/csv; charset=utf-8',
  'answers-long.csv': 'text/csv; charset=utf-8',
  'answers.jsonl': 'application/jsonl; charset=utf-8',
  'answers.parquet': 'application/vnd.apache.parquet',
  'calls.csv': 'text/csv; charset=utf-8',
  'codebook.csv': 'text/csv; charset=utf-8',
  'methods.md': 'text/markdown; charset=utf-8',
  'report.html': 'text/html; charset=utf-8',
} as const satisfies Readonly<Record<string, string>>;

export type AnswerFileName = keyof typeof answerFileTypes;

export interface AnswerFileOptions extends SaidLevels {
  /** In `answers.csv` and `answers.parquet`, a 0/1 column for each option of a multiple choice. @default false */
  readonly indicators?: boolean | undefined;
  /** In the report, groupings of cross-tables. @default none */
  readonly by?: readonly string[] | undefined;
}

const exported: Partial<
  Record<
    AnswerFileName,
    { readonly format: 'csv' | 'jsonl' | 'parquet'; readonly shape: 'wide' | 'long' | 'calls' }
  >
> = {
  'answers.csv': { format: 'csv', shape: 'wide' },
  'answers-long.csv': { format: 'csv', shape: 'long' },
  'answers.jsonl': { format: 'jsonl', shape: 'wide' },
  'answers.parquet': { format: 'parquet', shape: 'wide' },
  'calls.csv': { format: 'csv', shape: 'calls' },
};

/**
 * The parts of a file with the answers that there are so far, the same bytes as `results export` and `results report`
 * write. It is made while it is read: memory does not grow with the number of answers.
 *
 * @throws PanelistError `USAGE` for a task that is not a survey, or a grouping that cannot be made; `ROW_INVALID`
 */
export async function* answerFileParts(
  { tasks }: Pick<Workspace, 'tasks'>,
  task: TaskRecord,
  file: AnswerFileName,
  { indicators, by, nominal, ordinal }: AnswerFileOptions = {},
): AsyncGenerator<string | Uint8Array> {
  const { questionnaire } = paramsWithLevels(task, { nominal, ordinal });
  const results = () => surveyResults(tasks, task.taskId);
  const how = exported[file];
  if (how !== undefined) {
    const hasIndicators = indicators === true && how.shape === 'wide' && how.format !== 'jsonl';
    yield* await partsOf((write) =>
      exportResults(file, results, { ...how, questionnaire, indicators: hasIndicators, write }),
    );
  } else if (file === 'report.html') {
    const writer = (write: Write) => ({ files: { writer: () => write } as never });
    yield* await partsOf((write) =>
      reportSurvey({ tasks, ...writer(write) }, task, file, { by, nominal, ordinal }),
    );
  } else {
    const scan = await scanSurvey(questionnaire, results());
    const record = surveyRecord(task);
    yield file === 'methods.md'
      ? methodsMarkdown(methodsOf(record, scan.facts), messagesFor(questionnaire.locale))
      : codebookCsv(questionnaire, wideTable(questionnaire, scan, { indicators }), record.params.orderRule);
  }
}

type Parts = AsyncIterable<string | Uint8Array>;
type Write = (path: string, parts: Parts) => Promise<void>;

/** What would be written to a file. */
async function partsOf(write: (write: Write) => Promise<unknown>): Promise<Parts> {
  let parts: Parts | undefined;
  await write(async (_, given) => {
    parts = given;
  });
  return parts as Parts;
}
