import { type ParsedQuestion, parsePageRequest } from '../../survey/prompt/page-prompt.ts';
import type { AskedAnswer } from '../../survey/question-kinds/kind.ts';
import { maxTitle, type Question } from './question.ts';

type Limits = Pick<
  AskedAnswer,
  'minimum' | 'maximum' | 'multipleOf' | 'minItems' | 'maxItems' | 'minLength' | 'maxLength'
>;

/**
 * What the user's messages ask of a schema's questions. Strict schemas take no bounds, and a question that may be left
 * empty is a text for them, so the prompt says the rest in words.
 */
export class PromptedQuestions {
  readonly #texts: readonly string[];
  #byKey: ReadonlyMap<string, readonly ParsedQuestion[]> | null = null;

  /** @param texts the user's messages, oldest first; the newest that has a question counts */
  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  isOptional(question: Question): boolean {
    return this.#find(question)?.isOptional ?? false;
  }

  /** `null` where no instruction is understood. */
  answerAskedOf(question: Question): AskedAnswer | null {
    return this.#find(question)?.asked ?? null;
  }

  /** The options that are listed, or the points of a scale in the instruction; empty where there are none. */
  optionsOf(question: Question): readonly string[] {
    const found = this.#find(question);
    return found?.asked?.points ?? found?.options ?? [];
  }

  /** As members of a JSON Schema; what the prompt does not say is missing. */
  limitsOf(question: Question): Limits {
    const { form, isInteger, points, format, earliest, latest, ...limits } =
      this.answerAskedOf(question) ?? {};
    return limits;
  }

  #find({ name, title }: Question): ParsedQuestion | null {
    this.#byKey ??= Map.groupBy(this.#texts.flatMap(parsePageRequest), ({ key }) => key);
    return this.#byKey.get(name)?.findLast((each) => each.title.slice(0, maxTitle) === title) ?? null;
  }
}
