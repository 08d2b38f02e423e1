import type { InterviewTexts } from '../../languages/messages.ts';
import {
  boolean,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  text as textShape,
} from '../../stored/shapes.ts';
import { firstRead, oncePer, readerOf } from '../prompt/text-pattern.ts';
import type { Expression, QuestionBase } from '../question.ts';
import type { Repair } from '../reply/repairs.ts';
import { type AskedAnswer, answered, invalid, type QuestionKind } from './kind.ts';
import { quoted, withRequired } from './options.ts';
import { base, computedBounds } from './stored-question.ts';
import { formatsAsked, readFormattedText, type TextFormat, textForm, textFormats } from './text-formats.ts';

/** `text`, `comment`, an item of `multipletext`. */
export interface TextQuestion extends QuestionBase {
  readonly kind: 'text';
  readonly multiline: boolean;
  /** As HTML writes the input's value: `2026-03-01`, `2026-03-01T09:30`, `2026-03`, `2026-W09`, `09:30`, `#ff0000`. */
  readonly format: TextFormat;
  /** The earliest and latest, in the same form; only for dates and times. */
  readonly earliest: string | null;
  readonly latest: string | null;
  /** Further bounds, computed from the answers; one that yields no date does not bound. */
  readonly minExpression: Expression | null;
  readonly maxExpression: Expression | null;
  /** Characters. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  /** The form in which it is typed, as SurveyJS's input masks write it. @default none */
  readonly mask?: { readonly pattern: string; readonly isDate: boolean } | undefined;
  /** Regular expressions that it must match, with the message that says what is wanted. */
  readonly patterns: readonly {
    readonly pattern: string;
    readonly flags: string;
    readonly message: string;
  }[];
}

/** Characters of a free text whose question sets no limit. */
const defaultMaxLength = 10_000;

/** The formats that strict schemas know; their `time` wants seconds and a zone. */
const schemaFormats: ReadonlySet<string> = new Set(['date', 'email']);

export const text: QuestionKind<TextQuestion> = {
  kind: 'text',
  answerForm: 'text',
  fewestOptions: 0,
  stored: object<TextQuestion>({
    kind: oneOf('text'),
    ...base,
    ...computedBounds,
    multiline: boolean,
    format: oneOf(...textFormats),
    earliest: nullable(textShape),
    latest: nullable(textShape),
    minLength: nullable(number),
    maxLength: nullable(number),
    mask: optional(object({ pattern: textShape, isDate: boolean })),
    patterns: list(object({ pattern: textShape, flags: textShape, message: textShape })),
  }),
  ownTexts: () => [],
  hasNumericLabels: () => false,
  narrowed: withRequired,
  /** Computed bounds that leave no answer are not applied: the question could not be answered. */
  bounded(question, min, max) {
    const earliest = later(question.earliest, min);
    const latest = earlier(question.latest, max);
    return earliest !== null && latest !== null && earliest > latest
      ? question
      : { ...question, earliest, latest };
  },

  instruction({ question, frame }) {
    const { mask, format } = question;
    if (mask !== undefined) return frame.writeMasked(mask.pattern, mask.isDate);
    return format === 'plain' ? frame.writeText(question) : frame.giveForm(textForm(question, frame));
  },
  parseInstruction: (instruction, frame) => readersIn(frame)(instruction),
  schema: ({ question: { isRequired, format } }) => ({
    type: 'string',
    ...(isRequired && schemaFormats.has(format) && { format }),
  }),
  read({ question, frame }, value, raw) {
    const { problems } = frame;
    if (typeof value !== 'string' && typeof value !== 'number') return invalid(problems.notText(quoted(raw)));
    const repairs: Repair[] = [];
    const said = typeof value === 'number' ? raw : value;
    if (typeof value === 'number') repairs.push('number-for-text');
    // Line breaks and tabs belong to a text; other control characters and half characters break files and databases.
    const clean = said
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      .replace(/(?![\n\t])\p{Cc}/gu, '');
    if (clean !== said) repairs.push('control-characters');
    if (said.includes('\ufffd')) repairs.push('replacement-character');
    const trimmed = clean.trim();
    if (trimmed !== clean) repairs.push('white-space');
    const limit = question.maxLength ?? defaultMaxLength;
    const length = trimmed.length > limit ? [...trimmed].length : 0;
    if (length > limit) return invalid(problems.tooLong(length, limit));
    if (trimmed === '') return invalid(problems.needsAnswer);
    const formatted = readFormattedText(question, trimmed, frame);
    if (typeof formatted === 'string') return invalid(formatted);
    return answered(formatted.text, [...repairs, ...formatted.repairs]);
  },

  fittingDefault: (_question, value) => (Array.isArray(value) ? null : String(value)),
  isFreeText: ({ format }) => format === 'plain',
  codebook: ({ earliest, latest, minLength, maxLength, format }, words) => ({
    min: earliest ?? (minLength === null ? null : words.characters(minLength)),
    max: latest ?? (maxLength === null ? null : words.characters(maxLength)),
    values: format === 'plain' ? words.text : format,
  }),
};

function later(date: string | null, other: number | string | undefined): string | null {
  return typeof other === 'string' && (date === null || other > date) ? other : date;
}

function earlier(date: string | null, other: number | string | undefined): string | null {
  return typeof other === 'string' && (date === null || other < date) ? other : date;
}

const both = [true, false];

const readersIn = oncePer((frame: InterviewTexts) => {
  const plain = both.flatMap((multiline) =>
    both.flatMap((hasMin) =>
      both.map((hasMax) => {
        const read = readerOf(['number', 'number'], (min, max) =>
          frame.writeText({ multiline, minLength: hasMin ? min : null, maxLength: hasMax ? max : null }),
        );
        return (instruction: string): AskedAnswer | null => {
          const found = read(instruction);
          if (found === null) return null;
          const [minLength, maxLength] = found;
          return { form: 'text', ...(hasMin && { minLength }), ...(hasMax && { maxLength }) };
        };
      }),
    ),
  );
  const formatted = formatsAsked.flatMap((format) =>
    both.flatMap((hasMin) =>
      both.map((hasMax) => {
        const read = readerOf(['date', 'date'], (min, max) =>
          frame.giveForm(
            textForm({ format, earliest: hasMin ? min : null, latest: hasMax ? max : null }, frame),
          ),
        );
        return (instruction: string): AskedAnswer | null => {
          const found = read(instruction);
          if (found === null) return null;
          const [earliest, latest] = found;
          return { form: 'text', format, ...(hasMin && { earliest }), ...(hasMax && { latest }) };
        };
      }),
    ),
  );
  const masked = both.map((isDate) => {
    const read = readerOf(['text'], (mask) => frame.writeMasked(mask, isDate));
    return (instruction: string): AskedAnswer | null =>
      read(instruction) === null ? null : { form: 'text' };
  });
  return (instruction: string) => firstRead(instruction, [...plain, ...formatted, ...masked]);
});
