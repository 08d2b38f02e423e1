import type { ReplySchema } from '../../models/chat-model.ts';
import { kindOf } from '../question-kinds/index.ts';
import { isListForm } from '../question-kinds/kind.ts';
import { leftEmpty, marksEmpty } from '../reply/left-empty.ts';
import type { AskedQuestion } from './asked-question.ts';

/**
 * What OpenAI takes, the strictest of those that say: 1,000 enum values a schema, 120,000 characters in them and in
 * the keys, and 15,000 characters in an enum of more than 250 values. Where options are left out of the schema, the
 * prompt still lists them, and the reader checks.
 */
const maxEnum = 250;
const maxEnumsTogether = 1_000;
const maxEnumCharacters = 100_000;

/**
 * What the reply to these questions must look like: one property a question, described by its title.
 *
 * Kept to what strict modes know: all properties required, none besides, each of one type (Anthropic takes 16 of
 * several at most), and of the bounds only those of numbers and lists. An optional question is a text, or it could
 * not be `leftEmpty`. The prompt states all bounds, and the reader checks them.
 */
export function answerSchema(asked: readonly AskedQuestion[]): ReplySchema {
  const listed = listedIn(asked);
  return {
    name: 'answers',
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        asked.map((question) => [
          question.key,
          {
            description: question.title,
            ...kindOf(question.question).schema(question, listed.get(question), isText(question)),
          },
        ]),
      ),
      required: asked.map(({ key }) => key),
      additionalProperties: false,
    },
  };
}

/** The options that the schema lists, by question: the longest lists are left out until the rest is within bounds. */
function listedIn(asked: readonly AskedQuestion[]): ReadonlyMap<AskedQuestion, readonly unknown[]> {
  const lists = new Map<AskedQuestion, { readonly enum: readonly unknown[]; readonly characters: number }>();
  for (const question of asked) {
    const values = optionsOf(question);
    const characters = values.reduce((sum: number, value) => sum + String(value).length, 0);
    if (values.length > 0 && values.length <= maxEnum) lists.set(question, { enum: values, characters });
  }
  leaveOut(lists, (list) => list.enum.length, maxEnumsTogether);
  leaveOut(lists, (list) => list.characters, maxEnumCharacters);
  return new Map([...lists].map(([question, list]) => [question, list.enum]));
}

/** On ties, drops the list of the earlier question. */
function leaveOut<List>(lists: Map<AskedQuestion, List>, sizeOf: (list: List) => number, max: number): void {
  let total = [...lists.values()].reduce((sum, list) => sum + sizeOf(list), 0);
  for (const [question, list] of [...lists].sort(([, a], [, b]) => sizeOf(b) - sizeOf(a))) {
    if (total <= max) return;
    lists.delete(question);
    total -= sizeOf(list);
  }
}

function optionsOf(asked: AskedQuestion): readonly unknown[] {
  const labels = asked.choices?.labels ?? [];
  if (labels.length === 0 || !isText(asked)) return labels;
  return marksEmpty(asked) ? [...labels.map(String), leftEmpty] : labels.map(String);
}

/** Whether the answer is a text, so that it can be `leftEmpty`. An empty list needs no mark: lists keep their type. */
function isText({ question }: AskedQuestion): boolean {
  return !question.isRequired && !isListForm(kindOf(question).answerForm);
}
