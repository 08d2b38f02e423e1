import type { Summary, SurveyOfTask, TaskView } from '../api/types.ts';
import type { AnswerColumn, AnswerExplanation } from '../data/answers-source.ts';

/** As `panelist results bundle` writes it: see `application/results/bundle/`. */
export interface BundleRun {
  readonly version: string;
  readonly writtenAt: string;
  readonly task: TaskView;
  readonly survey: SurveyOfTask;
  readonly columns: readonly AnswerColumn[];
  readonly rowsPerFile: number;
  readonly interviewsPerFile: number;
  readonly summary: Summary;
  readonly groupings: readonly { readonly by: string; readonly tables: Summary['crossTables'] }[];
  readonly files: readonly string[];
}

export interface BundleCell {
  readonly s?: string;
  readonly t?: string;
  readonly o?: readonly number[];
}

export interface BundleRow {
  readonly key: string;
  readonly state: 'pending' | 'succeeded' | 'failed' | 'damaged';
  readonly problem: string | null;
  readonly cells: readonly (BundleCell | null)[];
}

type Call = AnswerExplanation['calls'][number];

export interface BundleInterview
  extends Pick<AnswerExplanation, 'respondentId' | 'replicate' | 'weight' | 'failureCode' | 'promptProblem'> {
  readonly key: string;
  readonly state: BundleRow['state'];
  readonly problem: string | null;
  readonly persona: readonly (readonly [name: string, value: string])[];
  readonly answers: readonly (Pick<
    AnswerExplanation,
    'status' | 'value' | 'text' | 'raw' | 'repairs' | 'shownOptions' | 'problem'
  > & { readonly question: string; readonly calls: readonly number[] })[];
  readonly calls: readonly Call[];
}

declare global {
  var panelistData: (name: string, json: string) => void;
}

const waiting = new Map<string, (data: unknown) => void>();
const loaded = new Map<string, Promise<unknown>>();

/** The files of a bundle call it. */
globalThis.panelistData = (name, json) => waiting.get(name)?.(JSON.parse(json));

/** One file of the folder `data`: a script, since from `file://` a browser loads nothing else. Each is loaded once. */
export function loadPart<T>(name: string): Promise<T> {
  const known = loaded.get(name) ?? startLoading(name);
  loaded.set(name, known);
  return known as Promise<T>;
}

function startLoading(name: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  waiting.set(name, resolve);
  const script = document.createElement('script');
  script.src = `data/${name}.js`;
  script.onerror = () => {
    loaded.delete(name);
    reject(new Error(`The file data/${name}.js is missing.`));
  };
  script.onload = () => {
    script.remove();
    waiting.delete(name);
  };
  document.head.append(script);
  return promise;
}
