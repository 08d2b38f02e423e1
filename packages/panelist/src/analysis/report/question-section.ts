import type { Messages } from '../../languages/messages.ts';
import type { Question } from '../../survey/questionnaire.ts';
import { absenceNotes, effectiveText, scoresNote } from '../answer-notes.ts';
import { boxNotes } from '../box-notes.ts';
import { distributionRows } from '../distribution-rows.ts';
import { rounded } from '../figures.ts';
import type { NumberSummary } from '../number-summary.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { QuestionTable } from '../tabulate.ts';
import { barChart } from './bar-chart.ts';
import { type Html, html, nothing, outside } from './html.ts';
import { type Verbatim, verbatimPages } from './verbatims.ts';

/** Options per chart; the rarest others are combined. */
const maxRows = 60;
/** Longer charts may be split between printed pages. */
const maxUnbroken = 20;

export function questionId(number: number): string {
  return `q${number}`;
}

/** The title of a question, or its name if it has none. */
export function titleOf({ title, name }: Question, { readable }: SurveyWords): string {
  return outside(readable(title)) || outside(name);
}

/**
 * Titles that identify questions in a list: questions of the same title, such as those of several panel entries, get
 * their group's title as a prefix.
 */
export function listedTitles(questions: readonly Question[], words: SurveyWords): readonly string[] {
  const titles = questions.map((question) => titleOf(question, words));
  const count = Map.groupBy(titles, (title) => title);
  return titles.map((title, place) => {
    const stem = outside(words.readable(questions[place]?.stem ?? ''));
    return stem !== '' && (count.get(title)?.length ?? 0) > 1 ? `${stem} – ${title}` : title;
  });
}

/** Renders one question: title, distribution, number of answers, and the statuses of other interviews. */
export function questionSection(
  table: QuestionTable,
  number: number,
  words: SurveyWords,
  lang: string,
  verbatims: readonly Verbatim[] = [],
): Html {
  const { question, numbers, examples } = table;
  const rows = distributionRows(table, words, maxRows);
  const scores = scoresNote(table, words);
  const isLong = rows.length > maxUnbroken;
  const stem = outside(words.readable(question.stem));
  const isCharted = rows.length > 0 && table.n > 0;
  const { report, figures } = words.messages;
  const kind = report.kinds[question.kind];
  const base = isWeighted(table) ? report.weightedBase(kind) : report.base(kind);
  const caption = html`<code>${outside(question.name)}</code> · ${isCharted ? base : kind}`;
  return html`<section class="question${isLong ? ' long' : ''}" id="${questionId(number)}" aria-labelledby="${questionId(number)}-title">
${stem === '' ? nothing : html`<p class="stem" lang="${lang}" dir="auto">${stem}</p>`}
<h3 id="${questionId(number)}-title">${number}. <span lang="${lang}" dir="auto">${titleOf(question, words)}</span></h3>
${isCharted ? barChart(rows, caption, words.messages, lang) : html`<p class="soft">${caption}</p>`}
${numbers ? html`<p>${numberText(numbers, words.messages)}${scores === null ? nothing : html` <span class="soft">(${scores})</span>`}</p>` : nothing}
${examples.length > 0 ? html`<p class="soft">${report.someAnswers}</p>${examples.map((text) => html`<blockquote lang="${lang}" dir="auto">${outside(text)}</blockquote>`)}` : nothing}
${verbatimPages(verbatims, report.verbatims, lang)}
<p class="soft">${baseText(table, words)}${rows.some(({ interval }) => interval !== null) ? ` · ${report.intervals(figures.intervalCovers)}` : ''}</p>
</section>
`;
}

function isWeighted({ n, effectiveN }: QuestionTable): boolean {
  return Math.abs(effectiveN - n) > 1e-6 * n;
}

function numberText({ mean, interval, sd, min, max }: NumberSummary, { report, figures }: Messages): string {
  const bounds = interval
    ? report.meanInterval(rounded(interval.low, 2), rounded(interval.high, 2), figures.intervalCovers)
    : '';
  const deviation = sd === null ? '' : report.deviation(rounded(sd, 2));
  return report.numbers(rounded(mean, 2), bounds, deviation, rounded(min, 2), rounded(max, 2));
}

function baseText(table: QuestionTable, words: SurveyWords): string {
  const { messages } = words;
  const { n, answers } = table;
  return [
    `n = ${n}`,
    effectiveText(table, messages),
    ...boxNotes(table, messages.figures.bounds, words),
    ...(answers === n ? [] : [messages.figures.answers(answers)]),
    ...absenceNotes(table, messages),
  ].join(' · ');
}
