import { kindOf } from '../../survey/question-kinds/index.ts';
import { percent, rounded } from '../figures.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { QuestionTable } from '../tabulate.ts';
import { figuresTable } from './figures-table.ts';
import { type Html, html, outside } from './html.ts';
import { titleOf } from './question-section.ts';

/** Options that a reader can tell apart in one bar. */
const MAX_SEGMENTS = 11;

/**
 * The rows of each grid, by the index of its first row: questions behind each other that have one title above them and the
 * same options.
 */
export function gridsIn(questions: readonly QuestionTable[]): ReadonlyMap<number, readonly QuestionTable[]> {
  const grids = new Map<number, QuestionTable[]>();
  let rows: QuestionTable[] = [];
  for (const [place, table] of questions.entries()) {
    const first = rows[0];
    if (first !== undefined && isSameGrid(first, table)) rows.push(table);
    else rows = [table];
    if (rows.length === 2) grids.set(place - 1, rows);
  }
  return grids;
}

function isSameGrid(first: QuestionTable, other: QuestionTable): boolean {
  const values = optionValues(first);
  return (
    first.question.stem !== '' &&
    first.question.stem === other.question.stem &&
    kindOf(first.question).answerForm === 'option' &&
    values !== null &&
    values === optionValues(other)
  );
}

function optionValues({ options }: QuestionTable): string | null {
  if (options === null || options.length < 2 || options.length > MAX_SEGMENTS) return null;
  return JSON.stringify(options.map(({ option }) => option.value));
}

/** One stacked bar for each row of a grid, with the share of every option. */
export function gridChart(rows: readonly QuestionTable[], words: SurveyWords, lang: string): Html {
  const { readable, messages } = words;
  const { report } = messages;
  const [first] = rows;
  const options = first?.options ?? [];
  const labels = options.map(({ option }) => outside(readable(option.text)) || outside(String(option.value)));
  const stem = outside(readable(first?.question.stem ?? ''));
  return html`<section class="question grid"><p class="stem" lang="${lang}" dir="auto">${stem}</p>
<p class="legend" lang="${lang}">${labels.map((label, place) => html`<span><svg viewBox="0 0 10 10" aria-hidden="true" focusable="false">${segment(0, 10, place, labels.length)}</svg>${label}</span> `)}</p>
${figuresTable({
  caption: report.grid(stem),
  isCaptionShown: false,
  rowHeading: report.question,
  headings: labels,
  rows: rows.map(({ question, options: counts, n }) => ({
    heading: html`<span lang="${lang}" dir="auto">${titleOf(question, words)}</span>`,
    drawn: stackedBar((counts ?? []).map(({ share }) => share)),
    figures: (counts ?? []).map(({ share }) => (n === 0 ? '–' : percent(share))),
  })),
})}</section>
`;
}

function stackedBar(shares: readonly number[]): Html {
  let from = 0;
  const segments = shares.map((share, place) => {
    const drawn = segment(from, 100 * share, place, shares.length);
    from += 100 * share;
    return drawn;
  });
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/>${segments}</svg>`;
}

/** Darker for later options; a line in the page's colour is between two. */
function segment(from: number, width: number, place: number, count: number): Html {
  const shade = count < 2 ? 1 : 0.2 + (0.8 * place) / (count - 1);
  return html`<rect class="fill segment" x="${rounded(from, 2)}" width="${rounded(width, 2)}" height="10" fill-opacity="${rounded(shade, 2)}"/>`;
}
