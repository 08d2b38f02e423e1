import type { InterviewTexts } from '../../languages/messages.ts';
import type { AskedQuestion } from '../prompt/asked-question.ts';
import type {
  Block,
  Check,
  ComputedValue,
  Expression,
  Note,
  Order,
  Question,
  Questionnaire,
  Trigger,
} from '../questionnaire.ts';
import type { ListEntries } from './list-entries.ts';

/** How much is put before a respondent at once. */
export type AskScope = 'question' | 'page' | 'survey';

/** A question with what an interview needs to know of it before it is asked. */
export interface PlannedQuestion {
  readonly question: Question;
  readonly key: string;
  /** Where it is listed among all questions. */
  readonly index: number;
  /** The index of its page in the file. */
  readonly page: number;
  /** The panels and grids with a title or description that it is in, the outermost first. */
  readonly groups: readonly Block[];
  /** The grid that it is a cell of; `null` for others. */
  readonly grid: Block | null;
  /** Of its section, what its conditions, texts, options and checks, and the texts before it, depend on. */
  readonly dependsOn: readonly PlannedQuestion[];
  /** What an answer must satisfy, with the questions of its section that each check reads. */
  readonly checks: readonly { readonly check: Check; readonly reads: readonly PlannedQuestion[] }[];
  /** Whether it reads the same for everybody, but for the order of its options. */
  readonly isFixed: boolean;
  /** As it reads with its options in the file's order and backwards, made when first needed. */
  readonly asListed: Map<string, AskedQuestion>;
}

/** A text between questions. */
export interface PlannedNote {
  readonly note: Note;
  /** Of its section, what it depends on: it is displayed once these are settled. */
  readonly dependsOn: readonly PlannedQuestion[];
}

export type PlannedElement = PlannedNote | PlannedQuestion;

/** What is worked through in waves: a page, or all of them. */
export interface Section {
  /** For messages and live counts. */
  readonly name: string;
  readonly visibleIf: readonly Expression[];
  readonly heading: readonly string[];
  readonly questions: readonly PlannedQuestion[];
  /** The elements as they are listed in the file; a respondent's order is made of them where something is random. */
  readonly elements: readonly PlannedElement[];
  readonly parts: readonly OrderedPart[];
  readonly isRandom: boolean;
}

/** Elements that are ordered among themselves. */
export interface OrderedPart {
  readonly name: string;
  readonly order: Order;
  readonly elements: readonly (PlannedElement | OrderedPart)[];
}

export interface InterviewPlan {
  readonly questionnaire: Questionnaire;
  readonly frame: InterviewTexts;
  /** The part of the system message that all respondents share. */
  readonly surveyPart: string;
  readonly sections: readonly Section[];
  readonly questions: readonly PlannedQuestion[];
  /** Every question under its name and the path of its value, in lower case. */
  readonly byName: ReadonlyMap<string, PlannedQuestion>;
  readonly computedByName: ReadonlyMap<string, ComputedValue>;
  readonly entries: ListEntries;
  /** The questions that the condition of each skip trigger reads. */
  readonly readBySkips: ReadonlyMap<Trigger, readonly PlannedQuestion[]>;
  /** Questions whose answers must differ, by the name of their group. */
  readonly unique: ReadonlyMap<string, readonly PlannedQuestion[]>;
  /** Whether a name, in lower case, is one of this survey's or a part of one: then a text shows nothing while it has no value. */
  readonly isKnown: (name: string) => boolean;
}
