import type { ReplySchema } from '../models/chat-model.ts';
import type { AskedQuestion } from './asked-question.ts';

type Json = Readonly<Record<string, unknown>>;

/** OpenAI limits the text of longer enums; the prompt lists the options anyway, and the reader checks. */
const maxEnum = 250;

/**
 * What the reply to these questions must look like: one property a question, described by its title.
 *
 * Kept to what strict modes know: all properties required, none besides, `anyOf` with `null` for what may be left
 * empty, and of the bounds only those of numbers and lists. The prompt tells all bounds, and the reader checks them.
 */
export function answerSchema(asked: readonly AskedQuestion[]): ReplySchema {
  return {
    name: 'answers',
    schema: {
      type: 'object',
      properties: Object.fromEntries(asked.map((question) => [question.key, propertyOf(question)])),
      required: asked.map(({ key }) => key),
      additionalProperties: false,
    },
  };
}

function propertyOf(asked: AskedQuestion): Json {
  const value = valueSchema(asked);
  const { isRequired, kind } = asked.question;
  // An empty list says the same as null, and is the simpler schema.
  if (isRequired || kind === 'multiple-choice') return { description: asked.title, ...value };
  return { description: asked.title, anyOf: [value, { type: 'null' }] };
}

function valueSchema({ question, choices }: AskedQuestion): Json {
  if (choices) {
    const { labels } = choices;
    const type =
      typeof labels[0] === 'number' ? (labels.every(Number.isInteger) ? 'integer' : 'number') : 'string';
    const one = labels.length > maxEnum || labels.length === 0 ? { type } : { type, enum: labels };
    if (question.kind !== 'multiple-choice') return one;
    const { isRequired, minSelected, maxSelected } = question;
    return {
      type: 'array',
      items: one,
      minItems: isRequired ? Math.max(minSelected, 1) : 0,
      maxItems: maxSelected,
    };
  }
  if (question.kind === 'number') {
    const { integer, min, max } = question;
    return {
      type: integer ? 'integer' : 'number',
      ...(min !== null && { minimum: min }),
      ...(max !== null && { maximum: max }),
    };
  }
  return { type: 'string' };
}
