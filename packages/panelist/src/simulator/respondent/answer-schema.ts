import { leftEmpty } from '../../survey/reply/left-empty.ts';
import { chooseOne, chooseSeveral, rank } from './choice.ts';
import { writeFormatted } from './formatted-text.ts';
import { writeText } from './free-text.ts';
import { chooseNumber, numberBounds } from './number.ts';
import { PromptedQuestions } from './prompted-questions.ts';
import { PURPOSE, Question, type SimulatedRespondent } from './question.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Schemas come from outside: one may be nested without end, or (through `$ref`, `minItems`) grow without end. */
const MAX_DEPTH = 24;
const MAX_ITEMS = 100;
/** Values, options, and pieces of 20 characters among them, that one reply may take; the rest is `null`. */
const MAX_EFFORT = 20_000;
/** How often what may be left empty is. */
const EMPTY_SHARE = 0.04;

export interface SchemaAnswer {
  readonly value: unknown;
  /** Whether an option was replaced by none, as asked. */
  readonly mistaken: boolean;
}

/**
 * Answers a JSON Schema as `respondent`'s persona: each property is a question, titled by its `description` (else its
 * `title`, else its name). Knows `const`, `enum`, `anyOf`, `oneOf`, `allOf`, local `$ref`, nullable types, objects,
 * arrays, numbers, strings and booleans; what it cannot make sense of becomes `null`.
 *
 * @param userTexts what the user said, oldest first; the last is the title of a schema that has no properties
 * @param mistake answers the first choice with what is none of its options
 */
export function answerSchema(
  schema: unknown,
  userTexts: readonly string[],
  respondent: SimulatedRespondent,
  mistake: boolean,
): SchemaAnswer {
  const walk = new Walk(schema, userTexts, respondent, mistake);
  const value = walk.answer(schema, new Question(respondent, '', userTexts.at(-1) ?? ''), 0);
  return { value, mistaken: mistake && !walk.mistakePending };
}

class Walk {
  mistakePending: boolean;
  readonly #root: unknown;
  readonly #prompted: PromptedQuestions;
  readonly #respondent: SimulatedRespondent;
  #effortLeft = MAX_EFFORT;

  constructor(
    root: unknown,
    userTexts: readonly string[],
    respondent: SimulatedRespondent,
    mistake: boolean,
  ) {
    this.#root = root;
    this.#prompted = new PromptedQuestions(userTexts);
    this.#respondent = respondent;
    this.mistakePending = mistake;
  }

  answer(given: unknown, question: Question, depth: number): unknown {
    if (depth > MAX_DEPTH || --this.#effortLeft < 0) return null;
    const schema = this.#resolved(given);
    if (schema === null) return null;
    if ('const' in schema) {
      this.#effortLeft -= JSON.stringify(schema.const).length / 20;
      return schema.const;
    }
    if (isFilled(schema.enum)) return this.#choose(question, schema.enum);
    const branches = schema.anyOf ?? schema.oneOf;
    if (isFilled(branches)) return this.#branch(branches, question, depth);
    return this.#answerType(schema, question, depth);
  }

  #choose(question: Question, values: readonly unknown[]): unknown {
    const options = values.filter((option) => option !== null && option !== leftEmpty);
    this.#weigh(options);
    if (options.length === 0) return values[0];
    // What a choice takes grows faster than the list.
    if (this.#effortLeft < 0) return null;
    const empty = values.find((option) => option === null || option === leftEmpty);
    if (empty !== undefined && question.chance(EMPTY_SHARE, PURPOSE.empty)) return empty;
    // A scale that may be left empty is a list of texts.
    if (empty === leftEmpty && options.every(isNumberText)) {
      const points = options.map(Number);
      return String(this.#spoilt(chooseOne(question, points), points));
    }
    return this.#spoilt(chooseOne(question, options), options);
  }

  #answerNumber(schema: Schema, question: Question, integer: boolean): unknown {
    const options = this.#prompted.optionsOf(question);
    const points = options.every(isNumberText) ? options.map(Number) : [];
    return points.length > 0
      ? this.#choose(question, points)
      : chooseNumber(question, numberBounds(schema, integer));
  }

  #answerText(schema: Schema, question: Question): unknown {
    const asked = this.#prompted.answerAskedOf(question);
    const options = this.#prompted.optionsOf(question);
    if (this.#prompted.isOptional(question) && question.chance(EMPTY_SHARE, PURPOSE.empty)) return leftEmpty;
    if (asked?.points !== undefined) return String(this.#choose(question, asked.points.map(Number)));
    if (options.length > 0) return this.#choose(question, options);
    if (asked?.form === 'number')
      return String(chooseNumber(question, numberBounds(schema, asked.isInteger === true)));
    if (asked?.format !== undefined) return writeFormatted(question, asked.format, asked);
    return writeText(question, count(schema.minLength, 0), count(schema.maxLength, Number.POSITIVE_INFINITY));
  }

  #branch(branches: readonly unknown[], question: Question, depth: number): unknown {
    const real = branches.filter((branch) => !isNullSchema(branch));
    if (real.length === 0) return null;
    if (real.length < branches.length && question.chance(EMPTY_SHARE, PURPOSE.empty)) return null;
    return this.answer(real[0], titled(real[0], question), depth + 1);
  }

  #answerType(given: Schema, question: Question, depth: number): unknown {
    const schema: Schema = { ...this.#prompted.limitsOf(question), ...given };
    const types = Array.isArray(schema.type) ? schema.type : [schema.type];
    const type = types.find((name) => name !== 'null');
    if (types.includes('null') && type !== undefined && question.chance(EMPTY_SHARE, PURPOSE.empty))
      return null;
    switch (type ?? (types.includes('null') ? 'null' : impliedType(schema))) {
      case 'object':
        return this.#answerObject(schema, question, depth);
      case 'array':
        return this.#answerArray(schema, question, depth);
      case 'integer':
        return this.#answerNumber(schema, question, true);
      case 'number':
        return this.#answerNumber(schema, question, false);
      case 'boolean':
        return chooseOne(question, [true, false]);
      case 'string':
        return this.#answerText(schema, question);
      default:
        return null;
    }
  }

  #answerObject(schema: Schema, question: Question, depth: number): unknown {
    const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
    return Object.fromEntries(
      properties.map(([name, property]) => {
        const part = new Question(
          this.#respondent,
          name,
          titleOf(property) ?? name,
          depth === 0 ? 0 : question.id,
        );
        return [name, this.answer(property, part, depth + 1)];
      }),
    );
  }

  #answerArray(schema: Schema, question: Question, depth: number): unknown {
    const items = this.#resolved(schema.items);
    const min = count(schema.minItems, 0);
    const listed = items === null ? [] : this.#optionsOf(items, question);
    if (listed.length > 0) {
      const options = listed.filter((option) => option !== null);
      this.#weigh(options);
      if (this.#effortLeft < 0) return [];
      const max = Math.min(count(schema.maxItems, options.length), options.length);
      if (this.#prompted.answerAskedOf(question)?.form === 'ranked-options') {
        const [first, ...rest] = rank(question, options, max);
        return [this.#spoilt(first, options), ...rest];
      }
      const [first, ...rest] = chooseSeveral(question, options, Math.min(min, max), max);
      return first === undefined ? [] : [this.#spoilt(first, options), ...rest];
    }
    const length = Math.min(Math.max(min, 2), count(schema.maxItems, MAX_ITEMS), MAX_ITEMS);
    return Array.from({ length }, (_, index) =>
      this.answer(
        items,
        new Question(this.#respondent, String(index), question.title, question.id),
        depth + 1,
      ),
    );
  }

  /** What a list may hold: as its schema says, else as the prompt does. */
  #optionsOf(items: Schema, question: Question): readonly unknown[] {
    if (isFilled(items.enum)) return items.enum;
    return items.type === 'string' ? this.#prompted.optionsOf(question) : [];
  }

  #weigh(options: readonly unknown[]): void {
    for (const option of options) this.#effortLeft -= typeof option === 'string' ? 1 + option.length / 20 : 1;
  }

  /** Plants the mistake that was asked for, once. */
  #spoilt(choice: unknown, options: readonly unknown[]): unknown {
    if (!this.mistakePending) return choice;
    this.mistakePending = false;
    if (options.every((option) => typeof option === 'number')) return Math.max(...options) + 1_000;
    let other = 'Something that was not offered';
    while (options.includes(other)) other += '!';
    return other;
  }

  /** Follows `$ref` within the document, and takes the members of `allOf` together. */
  #resolved(given: unknown): Schema | null {
    let schema = given;
    for (let hops = 0; isSchema(schema) && typeof schema.$ref === 'string'; hops++) {
      if (hops > MAX_DEPTH || !schema.$ref.startsWith('#')) return null;
      let target: unknown = this.#root;
      for (const part of schema.$ref.split('/').slice(1, MAX_DEPTH)) {
        const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
        target =
          target !== null && typeof target === 'object' && Object.hasOwn(target, key)
            ? (target as Record<string, unknown>)[key]
            : null;
      }
      schema = target;
    }
    if (!isSchema(schema)) return null;
    return isFilled(schema.allOf) ? Object.assign({}, schema, ...schema.allOf.filter(isSchema)) : schema;
  }
}

function isNumberText(value: unknown): boolean {
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value);
}

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isFilled(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isNullSchema(value: unknown): boolean {
  return isSchema(value) && (value.type === 'null' || value.const === null);
}

function titleOf(schema: unknown): string | undefined {
  if (!isSchema(schema)) return undefined;
  return [schema.description, schema.title].find((text) => typeof text === 'string' && text !== '') as
    | string
    | undefined;
}

/** The question as the branch titles it, if it does; the answer depends on the title. */
function titled(schema: unknown, question: Question): Question {
  const title = titleOf(schema);
  return title === undefined ? question : new Question(question.respondent, '', title, question.id);
}

function impliedType(schema: Schema): string {
  if ('properties' in schema) return 'object';
  if ('items' in schema) return 'array';
  if ('minimum' in schema || 'maximum' in schema) return 'number';
  return 'string';
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? Math.floor(value) : otherwise;
}
