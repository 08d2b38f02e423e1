/** What can go wrong in Panelist. Codes are stable; the CLI maps each to an exit code (`cli/exit-codes.ts`). */
export type PanelistErrorCode =
  /** A command-line option or argument is not what it must be. */
  | 'USAGE'
  | 'FILE_NOT_FOUND'
  | 'FILE_NOT_READABLE'
  | 'FILE_NOT_WRITABLE'
  /** A survey file is not JSON, or not a SurveyJS survey. */
  | 'SURVEY_INVALID'
  /** A survey holds something that Panelist cannot ask yet. */
  | 'SURVEY_UNSUPPORTED'
  | 'AUDIENCE_INVALID'
  | 'AUDIENCE_EMPTY'
  | 'MODEL_UNKNOWN'
  | 'API_KEY_MISSING'
  | 'TASK_NOT_FOUND';

export class PanelistError extends Error {
  override readonly name = 'PanelistError';
  readonly code: PanelistErrorCode;

  constructor(code: PanelistErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
