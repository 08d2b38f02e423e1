import type { ChatReply } from '../../models/chat-model.ts';
import type { AskScope } from './interview-plan.ts';

/** What goes with every request of an interview; it is part of what determines the answers. */
export interface ModelParameters {
  /** @default the provider's */
  readonly temperature?: number | undefined;
  /** Tokens a reply may have. @default the provider's */
  readonly maxOutputTokens?: number | undefined;
  /** Passed to providers that know one. */
  readonly seed?: number | undefined;
}

export interface InterviewOptions {
  readonly signal: AbortSignal;
  readonly parameters?: ModelParameters | undefined;
  /** Tells repeated interviews of the same respondent apart. @default 0 */
  readonly replicate?: number | undefined;
  /** How much is asked at once; what depends on answers is asked after them in any case. @default 'page' */
  readonly ask?: AskScope | undefined;
  /** Orders every question's options by the seed: shuffled, or for a scale reversed for half. @default false */
  readonly randomizeOptions?: boolean | undefined;
  /**
   * What decides which options are a scale: `measurementOf`, or else the questionnaire's `isOrdinal`, as in tasks of earlier
   * versions. @default `isOrdinal`
   */
  readonly orderRule?: 'measurement' | undefined;
  /** What every order is drawn by, with the respondent's id, the replicate and what is ordered. @default '' */
  readonly orderSeed?: string | undefined;
  /**
   * The moment that `today()` and its like count from, in milliseconds since 1970: a resumed interview needs the one
   * that it began with. @default now
   */
  readonly now?: number | undefined;
  /** Called with each reply as it comes, for live counts. */
  readonly onCall?: ((call: InterviewProgress) => void) | undefined;
}

export interface InterviewProgress {
  readonly page: string;
  /** Names of the questions asked. */
  readonly questions: readonly string[];
  /** Whether it was the repeat request, which quotes the errors. */
  readonly again: boolean;
  readonly reply: ChatReply;
}
