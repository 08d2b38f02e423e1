/** What somebody said, word for word. */
export interface Quote {
  readonly participantId: string;
  readonly name: string;
  /** From 1. */
  readonly round: number;
  readonly text: string;
}

/** A subject that several participants spoke of. */
export interface Theme {
  readonly name: string;
  /** What was said of it, in short; empty where only a word is known. */
  readonly description: string;
  /** How many participants spoke of it: by a model, those whom it quotes. */
  readonly speakers: number;
  /** In how many replies: by a model, those that it quotes. */
  readonly replies: number;
  /** Each is in the transcript word for word. */
  readonly quotes: readonly Quote[];
}
