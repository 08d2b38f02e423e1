import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskRecord } from '@panelist/toolkit';
import { readAnswerTable } from '../../../analysis/answer-table.ts';
import { summariseTable } from '../../../analysis/survey-summary.ts';
import type { OverwriteOptions } from '../../../files/output-files.ts';
import { PanelistError } from '../../../panelist-error.ts';
import { surveyResults } from '../../../survey/survey-results.ts';
import type { SurveyTaskParams } from '../../../survey/survey-task.ts';
import { MANIFEST, VERSION } from '../../../version.ts';
import type { Workspace } from '../../open-workspace.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { runView } from '../../runs/run-view.ts';
import { surveyParams } from '../../surveys/answer-files.ts';
import { surveyOutline } from '../../surveys/survey-outline.ts';
import { type AnswerFileName, answerFileParts } from '../answer-downloads.ts';
import { AnswerGrids, type GridColumn } from '../answer-grid.ts';
import { AnswerIndexes } from '../answer-indexes.ts';
import { type SummaryView, summaryView } from '../summary-view.ts';
import { bundleInterview, bundleRow } from './bundle-parts.ts';

/** The page of bundles, as the build makes it. */
const PAGE = new URL('dist/bundle/', MANIFEST);
/** Rows of the grid in one file, and interviews with all that is known of them. */
const ROWS_PER_FILE = 500;
const INTERVIEWS_PER_FILE = 50;
/** Columns of the audience that the figures can be grouped by. */
const MOST_GROUPINGS = 12;
const MOST_GROUPS = 12;
const FILES: readonly AnswerFileName[] = ['answers.csv', 'codebook.csv', 'methods.md', 'report.html'];

export interface BundleOptions extends OverwriteOptions {
  /** Whether what was sent to the model and what it replied is part of the bundle; it is most of its size. @default true */
  readonly prompts?: boolean | undefined;
  /** The folder of the page. @default the built one */
  readonly page?: URL | undefined;
}

/** What the first file of a bundle holds. */
export interface BundleRun {
  readonly version: string;
  readonly writtenAt: string;
  readonly task: ReturnType<typeof taskOf>;
  readonly survey: Awaited<ReturnType<typeof surveyOutline>>;
  readonly columns: readonly GridColumn[];
  readonly rowsPerFile: number;
  readonly interviewsPerFile: number;
  readonly summary: SummaryView;
  /** By columns of the audience that make groups. */
  readonly groupings: readonly { readonly by: string; readonly tables: SummaryView['crossTables'] }[];
  readonly files: readonly string[];
}

/**
 * Writes the whole run as a folder that a browser opens without a server: the page, the figures, every answer and why it is
 * what it is, in parts that are loaded when they are needed. Parts of a larger bundle that was there before are deleted.
 * Returns how many files it has.
 *
 * @throws PanelistError `FILE_EXISTS` for a file that is not ours; `FILE_NOT_WRITABLE`; `USAGE` for a task that is not a
 *   survey; `FILE_NOT_FOUND` where the page is not built
 */
export async function writeBundle(
  workspace: Workspace,
  task: TaskRecord,
  folder: string,
  { prompts = true, page: pageFolder = PAGE, ...overwrite }: BundleOptions = {},
): Promise<number> {
  const params = surveyParams(task);
  const page = await pageFiles(pageFolder);
  for (const each of [folder, join(folder, 'data'), join(folder, 'files')]) await makeOutputFolder(each);
  const rowFiles = Math.ceil(task.totalCount / ROWS_PER_FILE);
  const interviewFiles = Math.ceil(task.totalCount / INTERVIEWS_PER_FILE);
  const paths = [
    ...page.map((name) => join(folder, name)),
    ...FILES.map((name) => join(folder, 'files', name)),
    join(folder, 'data', 'run.js'),
    ...Array.from({ length: rowFiles }, (_, part) => dataPath(folder, 'answers', part)),
    ...Array.from({ length: interviewFiles }, (_, part) => dataPath(folder, 'interviews', part)),
  ];
  const { files, tasks } = workspace;
  await files.check(paths, overwrite);
  const write = files.writer(overwrite);
  for (const name of page) await write(join(folder, name), one(await readFile(new URL(name, pageFolder))));
  const columns = await new AnswerGrids(tasks, new AnswerIndexes(tasks)).columns(task);
  await write(
    join(folder, 'data', 'run.js'),
    one(script('run', await bundleRun(workspace, task, params, columns))),
  );
  for (const name of FILES) await write(join(folder, 'files', name), answerFileParts(workspace, task, name));
  const rows = new PartWriter(ROWS_PER_FILE, (part, entries) =>
    write(dataPath(folder, 'answers', part), one(script(`answers-${part}`, entries))),
  );
  const interviews = new PartWriter(INTERVIEWS_PER_FILE, (part, entries) =>
    write(dataPath(folder, 'interviews', part), one(script(`interviews-${part}`, entries))),
  );
  for await (const item of tasks.items(task.taskId)) {
    await rows.add(bundleRow(task, item, columns));
    await interviews.add(await bundleInterview(workspace, task, item, params, { hasPrompts: prompts }));
  }
  await rows.end();
  await interviews.end();
  await files.remove(await otherParts(folder, paths), overwrite);
  return paths.length;
}

async function bundleRun(
  { tasks }: Pick<Workspace, 'tasks'>,
  task: TaskRecord,
  { questionnaire }: SurveyTaskParams,
  columns: readonly GridColumn[],
): Promise<BundleRun> {
  const survey = await surveyOutline(tasks, task);
  const candidates = survey.personaColumns.slice(0, MOST_GROUPINGS);
  const table = await readAnswerTable(questionnaire, surveyResults(tasks, task.taskId), candidates);
  const groupings = candidates.flatMap((by) => {
    const values = table.persona.find(({ name }) => name === by)?.values.length ?? 0;
    if (values < 2 || values > MOST_GROUPS) return [];
    return [{ by, tables: summaryView(questionnaire, summariseTable(table, { by: [by] })).crossTables }];
  });
  return {
    version: VERSION,
    writtenAt: new Date().toISOString(),
    task: taskOf(task),
    survey: { ...survey, personaColumns: groupings.map(({ by }) => by) },
    columns,
    rowsPerFile: ROWS_PER_FILE,
    interviewsPerFile: INTERVIEWS_PER_FILE,
    summary: summaryView(questionnaire, summariseTable(table)),
    groupings,
    files: FILES,
  };
}

/** What a bundle tells of the task: not its model's address, nor who ran it. */
function taskOf(task: TaskRecord) {
  const { baseUrl: _, ...view } = runView(task, Date.now());
  return {
    ...view,
    ...{ kind: 'survey' as const, focusGroupId: null, revision: task.revision },
    ...{ owner: null, isHosted: false, isQuarantined: false },
  };
}

/** Gathers entries, and writes them in parts. */
class PartWriter<T> {
  readonly #size: number;
  readonly #write: (part: number, entries: readonly T[]) => Promise<void>;
  #entries: T[] = [];
  #part = 0;

  constructor(size: number, write: (part: number, entries: readonly T[]) => Promise<void>) {
    this.#size = size;
    this.#write = write;
  }

  async add(entry: T): Promise<void> {
    this.#entries.push(entry);
    if (this.#entries.length === this.#size) await this.end();
  }

  async end(): Promise<void> {
    if (this.#entries.length === 0) return;
    await this.#write(this.#part, this.#entries);
    this.#entries = [];
    this.#part += 1;
  }
}

/**
 * A script that hands data to the page: from `file://` a browser loads nothing else. The data are a text for `JSON.parse`,
 * since an object literal with a name `__proto__` would be another object.
 */
function script(name: string, data: unknown): string {
  return `${scriptStart(name)}${JSON.stringify(JSON.stringify(data))});\n`;
}

function scriptStart(name: string): string {
  return `panelistData(${JSON.stringify(name)}, `;
}

function dataPath(folder: string, kind: 'answers' | 'interviews', part: number): string {
  return join(folder, 'data', `${kind}-${part}.js`);
}

/** Parts of an earlier bundle in the folder, told by their names and beginnings, that are not among the paths. */
async function otherParts(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, 'data'), { withFileTypes: true })) {
    const path = join(folder, 'data', entry.name);
    const [, name] = /^((?:answers|interviews)-\d+)\.js$/.exec(entry.name) ?? [];
    if (name === undefined || !entry.isFile() || paths.includes(path)) continue;
    if (await beginsWith(path, scriptStart(name))) found.push(path);
  }
  return found;
}

async function beginsWith(path: string, text: string): Promise<boolean> {
  await using file = await open(path);
  const expected = Buffer.from(text);
  const { buffer } = await file.read(Buffer.alloc(expected.byteLength));
  return buffer.equals(expected);
}

/** @throws PanelistError `FILE_NOT_FOUND` */
async function pageFiles(folder: URL): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    if (names.includes('index.html')) return names;
  } catch {
    // Said below.
  }
  throw new PanelistError(
    'FILE_NOT_FOUND',
    'The page of bundles is not built. In a checkout of Panelist, run `npm run build`.',
  );
}

async function* one(content: string | Uint8Array): AsyncGenerator<string | Uint8Array> {
  yield content;
}
