/** One participant's turn in a round. */
export type Reply = {
  readonly participantId: string;
  /** What the others call them. */
  readonly name: string;
} & (
  | {
      readonly status: 'replied';
      readonly text: string;
      /** In words; Chinese, Japanese and Thai are counted by a dictionary. */
      readonly words: number;
      /** How the model's text became `text`; empty where it is the model's own. */
      readonly repairs: readonly string[];
      /** SHA-256 (hex) of the request. */
      readonly promptHash: string;
      readonly returnedModel: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  /** The round is not over. */
  | { readonly status: 'pending' }
);

/** A message of the host's and what was said to it. */
export interface TranscriptRound {
  /** From 1. */
  readonly round: number;
  /** Which step of the guide it was, or what else: `round-2`, `round-2/follow-up-1`, `round-2/probe-1`, `said-7`. */
  readonly step: string;
  readonly taskId: string;
  /** The names of those who were asked, where it was not everybody; else `null`. */
  readonly to: readonly string[] | null;
  /** Who spoke as the host. */
  readonly host: 'guide' | 'moderator' | 'live';
  readonly message: string;
  readonly stimulus: string | null;
  readonly mode: 'simultaneous' | 'in-turn';
  /** In the order in which they speak; empty where the host only said something. */
  readonly replies: readonly Reply[];
}

/** All that was said in a focus group, in order. Private polls are not in it: nobody heard them. */
export interface Transcript {
  readonly groupId: string;
  readonly title: string;
  readonly language: string;
  readonly model: string;
  readonly seed: number | null;
  /** `null` for the provider's own. */
  readonly temperature: number | null;
  readonly participants: readonly {
    readonly id: string;
    readonly name: string;
    readonly persona: Readonly<Record<string, string>>;
  }[];
  readonly rounds: readonly TranscriptRound[];
}
