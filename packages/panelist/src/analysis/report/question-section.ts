import type { AnswerStatus } from '../../survey/answer.ts';
import type { Question } from '../../survey/questionnaire.ts';
import { distributionRows } from '../distribution-rows.ts';
import { rounded } from '../figures.ts';
import type { NumberSummary } from '../number-summary.ts';
import { INTERVAL_LABEL } from '../statistics/intervals.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { QuestionTable } from '../tabulate.ts';
import { barChart } from './bar-chart.ts';
import { type Html, html, nothing, outside } from './html.ts';

/** Options of one chart; the rarest of more are added up. */
const maxRows = 60;
/** Longer charts may be broken over printed pages. */
const maxUnbroken = 20;

const kinds: Readonly<Record<Question['kind'], string>> = {
  'single-choice': 'one option',
  'multiple-choice': 'several options: shares add up to more than 100 %',
  ranking: 'ranking: the share that ranked it highest',
  rating: 'rating',
  number: 'number',
  text: 'free text',
};

const statusWords: Readonly<Record<Exclude<AnswerStatus, 'answered'>, string>> = {
  refused: 'refused',
  'dont-know': 'don’t know',
  skipped: 'not asked',
  preset: 'preset by the survey',
  invalid: 'invalid',
  failed: 'failed',
};

export function questionId(number: number): string {
  return `q${number}`;
}

/** What a question asks; its name where it has no title. */
export function titleOf({ title, name }: Question, { readable }: SurveyWords): string {
  return outside(readable(title)) || outside(name);
}

/** One question: what was asked, its distribution, who answered, and what became of the others. */
export function questionSection(
  table: QuestionTable,
  number: number,
  words: SurveyWords,
  lang: string,
): Html {
  const { question, numbers, examples } = table;
  const rows = distributionRows(table, words, maxRows);
  const isLong = rows.length > maxUnbroken;
  const stem = outside(words.readable(question.stem));
  const isCharted = rows.length > 0 && table.n > 0;
  const base = `${kinds[question.kind]}${isCharted ? `; ${isWeighted(table) ? 'weighted ' : ''}share of respondents who answered` : ''}`;
  const caption = html`<code>${outside(question.name)}</code> · ${base}`;
  return html`<section class="question${isLong ? ' long' : ''}" id="${questionId(number)}" aria-labelledby="${questionId(number)}-title">
${stem === '' ? nothing : html`<p class="stem" lang="${lang}" dir="auto">${stem}</p>`}
<h3 id="${questionId(number)}-title">${number}. <span lang="${lang}" dir="auto">${titleOf(question, words)}</span></h3>
${isCharted ? barChart(rows, caption, lang) : html`<p class="soft">${caption}</p>`}
${numbers ? html`<p>${numberText(numbers)}</p>` : nothing}
${examples.length > 0 ? html`<p class="soft">Some answers:</p>${examples.map((text) => html`<blockquote lang="${lang}" dir="auto">${outside(text)}</blockquote>`)}` : nothing}
<p class="soft">${baseText(table)}${rows.some(({ interval }) => interval !== null) ? ` · 95 % intervals: ${INTERVAL_LABEL}` : ''}</p>
</section>
`;
}

function isWeighted({ n, effectiveN }: QuestionTable): boolean {
  return Math.abs(effectiveN - n) > 1e-6 * n;
}

function numberText({ mean, interval, sd, min, max }: NumberSummary): string {
  const bounds = interval
    ? ` (95 % interval ${rounded(interval.low, 2)} to ${rounded(interval.high, 2)}: ${INTERVAL_LABEL})`
    : '';
  const deviation = sd === null ? '' : `; standard deviation ${rounded(sd, 2)}`;
  return `Mean ${rounded(mean, 2)}${bounds}${deviation}; from ${rounded(min, 2)} to ${rounded(max, 2)}.`;
}

function baseText(table: QuestionTable): string {
  const { n, effectiveN, answers, statuses, unlisted } = table;
  const notes = [`n = ${n}`, `effective n ${rounded(effectiveN, 1)}`];
  if (answers !== n) notes.push(`${answers} answers`);
  const empty = statuses.answered - answers;
  if (empty > 0) notes.push(`${empty} left empty`);
  for (const [status, word] of Object.entries(statusWords) as [AnswerStatus, string][]) {
    if (statuses[status] > 0) notes.push(`${statuses[status]} ${word}`);
  }
  if (unlisted > 0) notes.push(`${unlisted} of no listed option`);
  return notes.join(' · ');
}
