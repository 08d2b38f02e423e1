import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option } from '../survey/questionnaire.ts';
import type { AnswerColumn } from './answer-column.ts';
import type { AnswerTable, PersonaColumn } from './answer-table.ts';
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
  return by.startsWith(personaPrefix) ? [by, by.slice(personaPrefix.length)] : [by];
}

/**
 * @param by name of a question or of a persona column; `persona.<column>` if both have the name
 * @throws PanelistError `USAGE` if the name is unknown, ambiguous, or cannot make groups
 */
export function findGrouping(table: AnswerTable, by: string): Grouping {
  const column = table.columns.find(({ question }) => question.name === by);
  const persona = groupingColumns(by)
    .filter((name) => table.personaColumns.includes(name))
    .flatMap((name) => table.persona.find((each) => each.name === name) ?? [])[0];
  if (column && persona)
    throw usage(
      `${quote(by)} is both a question and a persona's column. Write persona.${by} for the column.`,
    );
  if (persona) return byPersona(table, by, persona);
  if (!column) {
    const names = [...table.personaColumns, ...table.columns.map(({ question }) => question.name)];
    const shown = names.slice(0, 30).map((name) => quote(name));
    throw usage(
      `There is no persona's column and no question ${quote(by)}. There are: ${shown.join(', ')}${names.length > 30 ? ' …' : ''}.`,
    );
  }
  const { question, options } = column;
  if (kindOf(question).answerForm === 'option') return byOptions(by, column, options ?? []);
  // A question that nobody was asked works like a persona column.
  if (column.presets !== null && !hasAnswers(table, column)) return byPresets(table, by, column.presets);
  throw usage(
    `${quote(by)} (${question.kind}) makes no groups. Name a question with one choice, or a rating.`,
  );
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
