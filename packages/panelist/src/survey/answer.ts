import type { AnswerValue, OptionValue } from './question.ts';

export type { AnswerValue } from './question.ts';

/**
 * What became of a question. `answered`: `value` fits it. `refused`: the respondent declined. `dont-know`: said so.
 * `withheld`: the provider withheld the reply both times, so that nothing is known of what the respondent would say.
 * `skipped`: logic did not show it, or hid it later. `preset`: nobody was asked, and the survey itself gives a value, as a
 * default or by a trigger, such as a treatment group in a read-only field. `invalid`: asked, asked again, and still no value that
 * fits. `failed`: the model gave no reply. Not required and left empty is `answered` with `null`.
 */
export type AnswerStatus =
  | 'answered'
  | 'refused'
  | 'dont-know'
  | 'withheld'
  | 'skipped'
  | 'preset'
  | 'invalid'
  | 'failed';

/** In display order; a status that is missing here does not compile. */
export const answerStatuses: readonly AnswerStatus[] = Object.keys({
  answered: true,
  refused: true,
  'dont-know': true,
  withheld: true,
  skipped: true,
  preset: true,
  invalid: true,
  failed: true,
} satisfies Record<AnswerStatus, true>) as readonly AnswerStatus[];

export interface Answer {
  readonly question: string;
  readonly status: AnswerStatus;
  /** Of `refused` and `dont-know` the option that says so, where the question has one; else `null`. */
  readonly value: AnswerValue | null;
  /** What the model said for this question, as it stood in its reply; `null` when it was not asked. */
  readonly raw: string | null;
  /** What was done to make the reply fit, none of which can change its meaning: `code-fence`, `letter-case` … */
  readonly repairs: readonly string[];
  /** Values of the options in the order in which they were displayed; `null` when not asked, or nothing to choose. */
  readonly shownOptions: readonly OptionValue[] | null;
  /** Which of the interview's calls asked it: none when skipped, two when it was asked again. */
  readonly calls: readonly number[];
  /** Why it is invalid or failed. */
  readonly problem: string | null;
}

/** One request to the model and its reply: what it cost, and how to find the prompt again. */
export interface InterviewCall {
  /** SHA-256 (hex) of all that determines the reply: request and reply are stored under it (`request-hash.ts`). */
  readonly promptHash: string;
  readonly returnedModel: string;
  /** Requests that it took, refused and failed ones included. */
  readonly attempts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The provider's counts were missing or could not be true: the tokens are estimates. */
  readonly isEstimated?: true | undefined;
  /** Milliseconds of the successful attempt. */
  readonly elapsedMs: number;
}

/** One respondent's finished interview: the result of one item of a survey task. */
export interface Interview {
  readonly respondentId: string;
  /** One per question of the questionnaire, in its order, whatever became of it. */
  readonly answers: readonly Answer[];
  /** By name: computed values that are results; those that could not be computed are absent. */
  readonly computed: Readonly<Record<string, AnswerValue>>;
  /** Names of the questions in the order in which they were asked. */
  readonly askedOrder: readonly string[];
  readonly calls: readonly InterviewCall[];
  readonly requestedModel: string;
  readonly parameters: { readonly temperature: number | null; readonly seed: number | null };
}
