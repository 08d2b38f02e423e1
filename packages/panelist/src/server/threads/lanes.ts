import type { ThreadJobs } from './jobs/index.ts';
import type { Lane } from './thread-job.ts';

export const lanes = {
  /** Strangers' files, evaluated: short, and killed where they aren't. */
  checks: { concurrency: 1, maxHeapMb: 512, timeoutMs: 30_000, isKept: false },
  /** Creates tasks of up to a million respondents. */
  submissions: { concurrency: 1, maxHeapMb: 2_048, timeoutMs: 300_000, isKept: false },
  /** Many short questions about one task's answers, whose index this thread has. */
  answers: { concurrency: 16, maxHeapMb: 320, timeoutMs: 60_000, isKept: true },
  /** Summaries and comparisons of all answers. */
  documents: { concurrency: 2, maxHeapMb: 2_048, timeoutMs: 600_000, isKept: false },
  /** Files of all answers, each as fast as its reader takes it: a slow one must not keep figures waiting. */
  files: { concurrency: 8, maxHeapMb: 2_048, timeoutMs: 600_000, isKept: false },
} as const satisfies Readonly<Record<string, Lane>>;

export type LaneName = keyof typeof lanes;

/** Which thread a job runs in. */
export const laneOf: Readonly<Record<keyof ThreadJobs, LaneName>> = {
  checkSurvey: 'checks',
  submitSurvey: 'submissions',
  surveyOutline: 'answers',
  readResults: 'answers',
  spending: 'answers',
  checkGroup: 'checks',
  readPoll: 'checks',
  createGroup: 'submissions',
  groupPage: 'answers',
  groupResults: 'documents',
  showGroup: 'answers',
  groupTurns: 'answers',
  transcriptFile: 'files',
  groupReport: 'files',
  answerPage: 'answers',
  answerColumns: 'answers',
  explainAnswer: 'answers',
  taskFailures: 'answers',
  taskTimeline: 'answers',
  surveySummary: 'documents',
  compareRuns: 'documents',
  comparePeople: 'documents',
  answerFile: 'files',
};
