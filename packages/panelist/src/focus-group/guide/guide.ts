/**
 * Words of a spoken turn in focus groups of people: the median. Models write some 240 unless they are restrained
 * (arXiv 2512.00047).
 */
export const HUMAN_REPLY_WORDS = 49;

/** Who answers a message. */
export type SpeakerRule =
  | 'all'
  | { readonly ids: readonly string[] }
  /** An expression over the persona, as in a survey's `visibleIf`. */
  | { readonly where: string }
  /** So many, drawn by the seed. */
  | { readonly random: number }
  /** So many of those who have said the least, in words. */
  | { readonly quietest: number };

/**
 * `simultaneous`: everyone answers the same frozen transcript, so that no order can matter. `in-turn`: each hears
 * those before, in an order that the seed draws and the round records.
 */
export type RoundMode = 'simultaneous' | 'in-turn';

/** One message of the host's, and how it is answered. */
export interface HostQuestion {
  readonly message: string;
  /** A text that the host shows with it: a concept, an advertisement. */
  readonly stimulus?: string | undefined;
  /** @default 'all' */
  readonly speakers?: SpeakerRule | undefined;
  /** @default 'simultaneous' */
  readonly mode?: RoundMode | undefined;
  /** How long a reply is asked to be. @default the guide's */
  readonly replyWords?: number | undefined;
}

export interface GuideRound extends HostQuestion {
  /** Asked one after the other, after the round; a text is a question to the round's own speakers. */
  readonly followUps?: readonly (string | HostQuestion)[] | undefined;
}

/** A model that leads the talk between the rounds, within bounds. */
export interface ModeratorGuide {
  /** @default the participants' */
  readonly model?: string | undefined;
  /** What it is to find out or to watch. */
  readonly instructions?: string | undefined;
  /** @default 2 */
  readonly maxActionsPerRound?: number | undefined;
  /** In the whole group. @default 10 */
  readonly maxActions?: number | undefined;
  /** Of the moderator's calls in the whole group, requests and replies together. @default 100_000 */
  readonly maxTokens?: number | undefined;
}

/** Questions that each participant answers alone: nobody hears it, so that conformity shows. */
export interface PollGuide {
  /** A SurveyJS survey; in a guide file also the path of one in the guide's folder. */
  readonly survey: string | Readonly<Record<string, unknown>>;
  /** @default true */
  readonly before?: boolean | undefined;
  /** @default true */
  readonly after?: boolean | undefined;
}

/** What is to be said in a focus group, and who takes part. */
export interface FocusGroupGuide {
  /** The address of the guide's JSON Schema, for editors. */
  readonly $schema?: string | undefined;
  readonly title: string;
  /** What is spoken: a language tag, such as `en` or `zh-CN`. @default 'en' */
  readonly language?: string | undefined;
  readonly participants: {
    /** A CSV or JSONL file; of a guide file, one in its folder. */
    readonly audience?: string | undefined;
    /** Only these, in this order. */
    readonly ids?: readonly string[] | undefined;
    /** Only those whose persona fits the expression, such as `{age} > 40 and {diet} = 'vegan'`. */
    readonly where?: string | undefined;
    /** Only the first so many. */
    readonly limit?: number | undefined;
  };
  /** `provider/model`, or `simulator`. */
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** @default the provider's */
  readonly temperature?: number | undefined;
  /** Given to the model, and what every order is drawn by. @default none, and orders by 0 */
  readonly seed?: number | undefined;
  /** How long replies are asked to be. @default HUMAN_REPLY_WORDS */
  readonly replyWords?: number | undefined;
  readonly poll?: PollGuide | undefined;
  /** @default none: the messages are sent as written */
  readonly moderator?: ModeratorGuide | undefined;
  /** @default none: the group is led live */
  readonly rounds?: readonly GuideRound[] | undefined;
}
