import type { ConsistencyReport } from '../consistency.ts';
import { answerStatuses, statusMeaning } from '../export/answer-statuses.ts';
import { percent, points, pText } from '../figures.ts';
import type { OrderEffectReport, PositionEffect } from '../order-effect.ts';
import { INTERVAL_LABEL } from '../statistics/intervals.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { QuestionTable } from '../tabulate.ts';
import { type FiguresRow, figuresTable } from './figures-table.ts';
import { type Html, html, outside } from './html.ts';
import { questionId, titleOf } from './question-section.ts';

/** Whether the place of an option made a difference. */
export function orderSection({ pooled, questions, alpha }: OrderEffectReport): Html {
  const heading = html`<h2 id="order">Order of options</h2>`;
  if (pooled === null)
    return html`${heading}<p>Not known: everybody saw the same order. Options drawn anew for each respondent would show it.</p>`;
  const reported = questions.flatMap(({ question, first, last }) =>
    [first, last].filter(({ isReported }) => isReported).map((effect) => [question, effect] as const),
  );
  const rows: FiguresRow[] = [
    ...(['first', 'last'] as const).map((position) => effectRow('All questions', pooled[position])),
    ...reported.map(([question, effect]) => effectRow(outside(question), effect)),
  ];
  return html`${heading}
<p>Is what is shown first, or last, chosen more often than it should be? ${verdict(pooled.first)} ${verdict(pooled.last)}</p>
${figuresTable({ caption: 'Options by the place in which they were shown', rowHeading: 'Question', headings: ['Shown', 'Chosen', 'Expected', 'Points', '95 % interval', 'p', 'p adjusted'], rows })}
<p class="soft">Of single questions those are listed whose adjusted p is below ${alpha}, for all tests together: ${reported.length} of ${2 * questions.length} tests. Intervals: ${INTERVAL_LABEL}.</p>`;
}

function effectRow(question: string, effect: PositionEffect): FiguresRow {
  const { position, observed, expected, bias, interval, p, adjustedP } = effect;
  const bounds = interval ? `${points(interval.low)} to ${points(interval.high)}` : '–';
  const shares = [percent(observed), percent(expected), points(bias), bounds];
  return { heading: question, figures: [position, ...shares, pText(p), pText(adjustedP)] };
}

function verdict({ position, bias, byPosition, p, n, isReported }: PositionEffect): string {
  if (p === null) return `The ${position}: too few answers to tell (${n}).`;
  if (!isReported) return `The ${position}: no effect found.`;
  const extent =
    bias > 0 ? `, as if ${percent(byPosition)} of the answers were given for the place alone` : '';
  return `The ${position} is chosen too ${bias > 0 ? 'often' : 'seldom'}: ${points(bias)} points${extent}.`;
}

/** How alike one respondent's answers are. */
export function consistencySection({ replicates, questions }: ConsistencyReport): Html {
  const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  const rows = questions.map(({ question, n, exactAgreement, alpha, icc, withinSd }): FiguresRow => {
    const figures = [String(n), percent(exactAgreement), figure(alpha), figure(icc), figure(withinSd)];
    return { heading: outside(question), figures };
  });
  return html`<h2 id="consistency">Consistency</h2>
<p>How alike the answers of one respondent are, in up to ${replicates} interviews each. Same: pairs of answers that are equal. Alpha: Krippendorff’s, nominal. ICC(1): Shrout and Fleiss.</p>
${figuresTable({ caption: 'Consistency over replicates', rowHeading: 'Question', headings: ['n', 'Same', 'Alpha', 'ICC(1)', 'SD within'], rows })}`;
}

/** What became of every question in every interview. */
export function statusSection(tables: readonly QuestionTable[], words: SurveyWords): Html {
  const rows = tables.map(({ question, statuses }, place): FiguresRow => {
    const link = html`<a href="#${questionId(place + 1)}">${place + 1}. ${titleOf(question, words)}</a>`;
    return { heading: link, figures: answerStatuses.map((status) => String(statuses[status])) };
  });
  return html`<h2 id="statuses">Answers by status</h2>
<p class="soft">${answerStatuses.map((status) => html`<strong>${status}</strong>: ${statusMeaning[status]}. `)}</p>
${figuresTable({ caption: 'Interviews by what became of each question', rowHeading: 'Question', headings: answerStatuses, rows })}`;
}
