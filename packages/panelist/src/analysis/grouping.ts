import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option } from '../survey/questionnaire.ts';
import type { AnswerColumn } from './answer-column.ts';
import type { AnswerTable, PersonaColumn } from './answer-table.ts';
import type { PresetValues } from './preset-values.ts';

/** What cross-tables compare: groups of interviews by a persona's column or by another question's answer. */
export interface Grouping {
  /** As it was asked for. */
  readonly by: string;
  /** The question it is by; `null` for a persona's column. */
  readonly question: string | null;
  readonly labels: readonly string[];
  /**
   * By interview, a place among `labels`; −1 for one that belongs to none: that question has no value there, neither an
   * answer nor a preset of the survey, such as a treatment group.
   */
  readonly groupOf: (interview: number) => number;
}

/** Groups beyond these, the smallest, are put together. */
const maxGroups = 12;
const personaPrefix = 'persona.';
const OTHER = '(other)';
const NOT_GIVEN = '(not given)';

/** The persona columns that `findGrouping` may need of the table. */
export function groupingColumns(by: string): string[] {
  return by.startsWith(personaPrefix) ? [by, by.slice(personaPrefix.length)] : [by];
}

/**
 * @param by a question's name, a persona's column, or `persona.<column>` where both have the name
 * @throws PanelistError `USAGE` for what is neither, is both, or cannot make groups
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
  // What nobody was asked is like a persona's column.
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

/** The labels of the groups that values make, and where the value with a code is among them. */
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
  const kept = few ? bySize : bySize.slice(0, maxGroups - 1);
  kept.sort((a, b) => collator.compare(a.text, b.text) || a.code - b.code);
  const places = new Map(kept.map(({ code }, place) => [code, place]));
  const labels = kept.map(({ text }) => text);
  const other = few ? -1 : labels.push(OTHER) - 1;
  const notGiven = missing ? labels.push(NOT_GIVEN) - 1 : -1;
  return { labels, placeOf: (code) => (code < 0 ? notGiven : (places.get(code) ?? other)) };
}

/** Numbers by value, so that ages and years stand in their order. */
const collator = new Intl.Collator('en', { numeric: true });

function usage(message: string): PanelistError {
  return new PanelistError('USAGE', message);
}
