/** What can go wrong in Panelist. Codes are stable; the CLI maps each to an exit code (`cli/exit-codes.ts`). */
export type PanelistErrorCode =
  /** A command-line option or argument is not what it must be. */
  | 'USAGE'
  | 'FILE_NOT_FOUND'
  | 'FILE_NOT_READABLE'
  | 'FILE_NOT_WRITABLE'
  /** A file is in the way that Panelist did not write, or that was changed since. */
  | 'FILE_EXISTS'
  /** The extension of an output file names no known format, or another than the requested one. */
  | 'OUTPUT_FORMAT'
  /** A survey file is not JSON, or not a SurveyJS survey. */
  | 'SURVEY_INVALID'
  /** A survey holds something that Panelist cannot ask yet. */
  | 'SURVEY_UNSUPPORTED'
  /** An expression of a survey yields more than can be used. */
  | 'VALUE_TOO_LONG'
  /** A file with a question's choices is not what it must be. */
  | 'CHOICES_INVALID'
  | 'AUDIENCE_INVALID'
  | 'AUDIENCE_EMPTY'
  /** A focus group's guide is not what it must be. */
  | 'GUIDE_INVALID'
  /** There is no such focus group, or it was begun with another guide. */
  | 'GROUP_NOT_FOUND'
  | 'GROUP_CHANGED'
  /** A participant's reply is empty or unusable. */
  | 'REPLY_UNUSABLE'
  /** A file of marginals is not what it must be. */
  | 'TARGETS_INVALID'
  /** No weights meet the targets. */
  | 'RAKING_FAILED'
  | 'MODEL_UNKNOWN'
  | 'API_KEY_MISSING'
  /** Only a guide or a database names the address that a key and prompts would be sent to. */
  | 'ADDRESS_UNCONFIRMED'
  /** A cost limit is set for a model whose price is not known. */
  | 'PRICE_UNKNOWN'
  | 'PRICES_INVALID'
  /** A limit of cost or tokens is reached. */
  | 'BUDGET_EXHAUSTED'
  /** `panelist.config.json` is not what it must be. */
  | 'CONFIG_INVALID'
  /** A row of the database is not what Panelist writes: the message names task and item. */
  | 'ROW_INVALID'
  /** Processes are at work that could not go on after an update of the database. */
  | 'WORKERS_ALIVE'
  /** What is wanted needs a PostgreSQL database. */
  | 'POSTGRES_NEEDED'
  | 'TASK_NOT_FOUND'
  /** Several tasks have ids with this beginning. */
  | 'TASK_AMBIGUOUS';

/** The cause of an error as data: a front end says which of its controls would help. */
export type PanelistErrorData =
  /** A file cannot be written where it should go, or is in the way. */
  | { readonly reason: 'output-exists' | 'output-not-writable' }
  /** Something else has changed the database, or its folder cannot be made. */
  | { readonly reason: 'database-changed' | 'database-folder' }
  | { readonly reason: 'base-url-missing' | 'base-url-not-taken' }
  | { readonly reason: 'model-missing' | 'workers-alive' | 'postgres-needed' }
  | { readonly reason: 'price-unknown'; readonly model: string }
  | { readonly reason: 'budget'; readonly limit: 'cost' | 'tokens' }
  /** The same survey is not finished, and a new run of it is wanted. */
  | { readonly reason: 'unfinished'; readonly taskId: string }
  /** What a survey asks for cannot be carried, and could be left out; for some questions a list of choices would do. */
  | {
      readonly reason: 'survey-unsupported';
      readonly withoutChoices: readonly string[];
      readonly others: number;
    }
  /** Only a task or a group of the database names the address that a key would go to. */
  | { readonly reason: 'address-unconfirmed'; readonly address: string }
  /** Others could use a server, and the keys of its operator, without a token. */
  | { readonly reason: 'server-open' }
  | { readonly reason: 'group-changed' | 'group-not-found' }
  | { readonly reason: 'turn-of-group'; readonly focusGroupId: string }
  | { readonly reason: 'target-not-sampled'; readonly variable: string }
  | { readonly reason: 'audience-missing' | 'audience-outside' | 'columns-unmatched' | 'task-not-found' };

export interface PanelistErrorOptions extends ErrorOptions {
  readonly data?: PanelistErrorData | undefined;
}

export class PanelistError extends Error {
  override readonly name = 'PanelistError';
  readonly code: PanelistErrorCode;
  readonly data: PanelistErrorData | undefined;

  constructor(code: PanelistErrorCode, message: string, { data, ...options }: PanelistErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}
