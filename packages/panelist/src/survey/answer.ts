import type { OptionValue } from './questionnaire.ts';

export type AnswerValue = OptionValue | readonly OptionValue[];

/**
 * What became of a question. `answered`: `value` fits it. `refused`: the respondent declined. `dont-know`: said so.
 * `skipped`: logic did not show it. `invalid`: asked, asked again, and still no value that fits. `failed`: no reply
 * could be had. Not required and left empty is `answered` with `null`.
 */
export type AnswerStatus = 'answered' | 'refused' | 'dont-know' | 'skipped' | 'invalid' | 'failed';

export interface Answer {
  readonly question: string;
  readonly status: AnswerStatus;
  readonly value: AnswerValue | null;
  /** What the model said for this question, as it stood in its reply; `null` when it was not asked. */
  readonly raw: string | null;
  /** What was done to make the reply fit, none of which can change its meaning: `code-fence`, `letter-case` … */
  readonly repairs: readonly string[];
  /** How often it was asked: 0 when skipped, 2 when asked again. */
  readonly asked: number;
  /** Why it is invalid or failed. */
  readonly problem: string | null;
}

/** One respondent's finished interview: the result of one item of a survey task. */
export interface Interview {
  readonly respondentId: string;
  /** One per question of the questionnaire, in its order, whatever became of it. */
  readonly answers: readonly Answer[];
  readonly requestedModel: string;
  /** Distinct model ids that providers said answered. */
  readonly returnedModels: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}
