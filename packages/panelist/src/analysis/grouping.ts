import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option } from '../survey/questionnaire.ts';
import { AnswerColumn } from './answer-column.ts';
import type { AnswerTable, PersonaColumn } from './answer-table.ts';
import { bandOf, quantileBands, readNumberGroups } from './number-groups.ts';
import type { PresetValues } from './preset-values.ts';

/** The groups that cross-tables compare: interviews grouped by a persona column or by the answer to a question. */
export interface Grouping {
  /** As requested. */
  readonly by: string;
  /** The grouping question; `null` for a persona column. */
  readonly question: string | null;
  readonly labels: readonly string[];
  /**
   * For each interview, an index into `labels`; −1 if the question has no value there: neither an answer nor a preset of
   * the survey, such as a treatment group.
   */
  readonly groupOf: (interview: number) => number;
}

/** The smallest groups beyond this number are combined. */
const maxGroups = 12;
const personaPrefix = 'persona.';
const OTHER = '(other)';
const NOT_GIVEN = '(not given)';

/** Persona columns that the table must include for `findGrouping`. */
export function groupingColumns(by: string): string[] {
  return namesIn(by).flatMap(({ name }) => personaNames(name));
}

function personaNames(name: string): string[] {
  return name.startsWith(personaPrefix) ? [name, name.slice(personaPrefix.length)] : [name];
}

/**
 * @param by name of a question or of a persona column; `persona.<column>` if both have the name. Numbers are grouped by
 * bands, `age:18-29,30-44,45-`, or by quantiles, `age:q4`.
 * @throws PanelistError `USAGE` if the name is unknown, ambiguous, or cannot make groups, and for bands that overlap
 */
export function findGrouping(table: AnswerTable, by: string): Grouping {
  for (const { name, groups } of namesIn(by)) {
    const column = table.columns.find(({ question }) => question.name === name);
    const persona = personaNames(name)
      .filter((each) => table.personaColumns.includes(each))
      .flatMap((each) => table.persona.find((other) => other.name === each) ?? [])[0];
    if (column && persona)
      throw usage(
        `${quote(name)} is both a question and a column of the audience. Write persona.${by} for the column.`,
      );
    if (groups !== null && (column || persona)) return byNumbers(table, by, column ?? persona!, groups);
    if (persona) return byPersona(table, by, persona);
    if (column) return byQuestion(table, by, column);
  }
  if (table.interviews === 0) throw usage('No interview has been held yet, so there is nothing to group.');
  const names = [...table.personaColumns, ...table.columns.map(({ question }) => question.name)];
  const shown = names.slice(0, 30).map((name) => quote(name));
  throw usage(
    `Neither the audience nor the survey has ${quote(by)}. They have: ${shown.join(', ')}${names.length > 30 ? ' …' : ''}.`,
  );
}

/** What `by` may mean: a name, which may have a colon in it, or else a name with bands or quantiles behind a colon. */
function namesIn(by: string): readonly { readonly name: string; readonly groups: string | null }[] {
  const colon = by.lastIndexOf(':');
  return [
    { name: by, groups: null },
    ...(colon > 0 ? [{ name: by.slice(0, colon), groups: by.slice(colon + 1) }] : []),
  ];
}

function byQuestion(table: AnswerTable, by: string, column: AnswerColumn): Grouping {
  const { question, options } = column;
  if (kindOf(question).answerForm === 'option') return byOptions(by, column, options ?? []);
  // A question that nobody was asked works like a persona column.
  if (column.presets !== null && !hasAnswers(table, column)) return byPresets(table, by, column.presets);
  const advice = column.isNumeric ? ` Or give bands or quantiles of its numbers, such as ${by}:q4.` : '';
  throw usage(
    `${quote(by)} (${question.kind}) makes no groups. Name a question with one choice, or a rating.${advice}`,
  );
}

/** @param from a question with numbers, or a persona column */
function byNumbers(
  table: AnswerTable,
  by: string,
  from: AnswerColumn | PersonaColumn,
  groups: string,
): Grouping {
  const read = readNumberGroups(groups);
  const { question, numberOf, isAbsent } =
    from instanceof AnswerColumn ? numbersOfQuestion(from) : numbersOfPersona(table, from);
  const bands =
    read.kind === 'bands' ? read.bands : quantileBands(weightedNumbers(table, numberOf), read.count);
  const labels = bands.map(({ label }) => label);
  let hasOther = false;
  let hasAbsent = false;
  for (let interview = 0; interview < table.interviews; interview++) {
    if (isAbsent(interview)) hasAbsent = true;
    else if (bandOf(bands, numberOf(interview)) < 0) hasOther = true;
  }
  const other = hasOther ? labels.push(OTHER) - 1 : -1;
  // Who did not answer the question is in no group, as with other questions.
  const absent = hasAbsent && question === null ? labels.push(NOT_GIVEN) - 1 : -1;
  return {
    by,
    question,
    labels,
    groupOf(interview) {
      if (isAbsent(interview)) return absent;
      const band = bandOf(bands, numberOf(interview));
      return band < 0 ? other : band;
    },
  };
}

interface Numbers {
  readonly question: string | null;
  /** `NaN` where there is none. */
  readonly numberOf: (interview: number) => number;
  readonly isAbsent: (interview: number) => boolean;
}

function numbersOfQuestion(column: AnswerColumn): Numbers {
  const { name, kind } = column.question;
  if (!column.isNumeric) throw usage(`${quote(name)} (${kind}) has no numbers to make bands of.`);
  const numberOf = (interview: number): number => column.number(interview);
  return { question: name, numberOf, isAbsent: (interview) => Number.isNaN(numberOf(interview)) };
}

function numbersOfPersona({ respondentOf }: AnswerTable, { name, values, codes }: PersonaColumn): Numbers {
  const numbers = values.map((text) => (/^\s*-?\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN));
  if (numbers.every(Number.isNaN)) throw usage(`The column ${quote(name)} has no numbers to make bands of.`);
  const codeOf = (interview: number): number => codes.at(respondentOf.at(interview));
  return {
    question: null,
    numberOf: (interview) => numbers[codeOf(interview)] ?? Number.NaN,
    isAbsent: (interview) => codeOf(interview) < 0,
  };
}

/** Each respondent's weight is divided among their interviews, as everywhere. */
function* weightedNumbers(
  { interviews, respondentOf, weights }: AnswerTable,
  numberOf: (interview: number) => number,
): Generator<readonly [number, number]> {
  const counts = new Map<number, number>();
  const hasNumber = (interview: number): boolean => !Number.isNaN(numberOf(interview));
  for (let interview = 0; interview < interviews; interview++) {
    const respondent = respondentOf.at(interview);
    if (hasNumber(interview)) counts.set(respondent, (counts.get(respondent) ?? 0) + 1);
  }
  for (let interview = 0; interview < interviews; interview++) {
    const respondent = respondentOf.at(interview);
    if (hasNumber(interview))
      yield [numberOf(interview), weights.at(respondent) / (counts.get(respondent) ?? 1)];
  }
}

function hasAnswers({ interviews }: AnswerTable, column: AnswerColumn): boolean {
  for (let interview = 0; interview < interviews; interview++) if (column.hasValue(interview)) return true;
  return false;
}

function byOptions(by: string, column: AnswerColumn, options: readonly Option[]): Grouping {
  const { question, presets } = column;
  const places = new Map(options.map(({ value }, place) => [String(value), place]));
  const presetPlaces = (presets?.values ?? []).map((value) => places.get(value) ?? -1);
  return {
    by,
    question: question.name,
    labels: options.map(({ text, value }) => text || String(value)),
    groupOf: (interview) =>
      (column.hasValue(interview)
        ? column.chosen(interview)[0]
        : presetPlaces[presets?.code(interview) ?? -1]) ?? -1,
  };
}

function byPresets(table: AnswerTable, by: string, presets: PresetValues): Grouping {
  const codeOf = (interview: number): number => presets.code(interview);
  const { labels, placeOf } = largestFirst(presets.values, table.interviews, codeOf);
  return { by, question: by, labels, groupOf: (interview) => placeOf(codeOf(interview)) };
}

function byPersona(table: AnswerTable, by: string, { values, codes }: PersonaColumn): Grouping {
  const { labels, placeOf } = largestFirst(values, table.respondents, (respondent) => codes.at(respondent));
  return {
    by,
    question: null,
    labels,
    groupOf: (interview) => placeOf(codes.at(table.respondentOf.at(interview))),
  };
}

/** Labels of the groups in the order of their values, "other" and "not given" last, and the group of each value's code. */
function largestFirst(
  values: readonly string[],
  count: number,
  codeOf: (index: number) => number,
): { readonly labels: readonly string[]; readonly placeOf: (code: number) => number } {
  const sizes = new Array<number>(values.length).fill(0);
  let missing = false;
  for (let index = 0; index < count; index++) {
    const code = codeOf(index);
    if (code < 0) missing = true;
    else sizes[code] = (sizes[code] as number) + 1;
  }
  const bySize = values.map((text, code) => ({ text, code, size: sizes[code] as number }));
  bySize.sort((a, b) => b.size - a.size || a.code - b.code);
  const few = bySize.length <= maxGroups;
  const listed = few ? bySize : bySize.slice(0, maxGroups - 1);
  listed.sort((a, b) => collator.compare(a.text, b.text) || a.code - b.code);
  const places = new Map(listed.map(({ code }, place) => [code, place]));
  const labels = listed.map(({ text }) => text);
  const other = few ? -1 : labels.push(OTHER) - 1;
  const notGiven = missing ? labels.push(NOT_GIVEN) - 1 : -1;
  return { labels, placeOf: (code) => (code < 0 ? notGiven : (places.get(code) ?? other)) };
}

/** Compares numbers by value, so that ages and years are in numeric order. */
const collator = new Intl.Collator('en', { numeric: true });

function usage(message: string): PanelistError {
  return new PanelistError('USAGE', message);
}
