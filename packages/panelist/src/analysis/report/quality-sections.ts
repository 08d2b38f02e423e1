import type { Messages } from '../../languages/messages.ts';
import { answerStatuses } from '../../survey/answer.ts';
import type { ConsistencyReport } from '../consistency.ts';
import { percent, points, pText } from '../figures.ts';
import type { OrderEffectReport, PositionEffect } from '../order-effect.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { QuestionTable } from '../tabulate.ts';
import { type FiguresRow, figuresTable } from './figures-table.ts';
import { type Html, html, outside } from './html.ts';
import { listedTitles, questionId } from './question-section.ts';

/** Whether the position of an option made a difference. */
export function orderSection({ pooled, questions, alpha }: OrderEffectReport, messages: Messages): Html {
  const { quality, figures, report } = messages;
  const heading = html`<h2 id="order">${quality.order}</h2>`;
  if (pooled === null) return html`${heading}<p>${quality.orderUnknown}</p>`;
  const reported = questions.flatMap(({ question, first, last }) =>
    [first, last].filter(({ isReported }) => isReported).map((effect) => [question, effect] as const),
  );
  const rows: FiguresRow[] = [
    ...(['first', 'last'] as const).map((position) =>
      effectRow(quality.allQuestions, pooled[position], messages),
    ),
    ...reported.map(([question, effect]) => effectRow(outside(question), effect, messages)),
  ];
  const { shown, chosen, expected, points: inPoints, p, pAdjusted } = quality;
  const headings = [shown, chosen, expected, inPoints, figures.interval, p, pAdjusted];
  const tests = 2 * questions.length;
  return html`${heading}
<p>${quality.orderQuestion} ${verdict(pooled.first, messages)} ${verdict(pooled.last, messages)}</p>
${figuresTable({ caption: quality.orderTable, rowHeading: report.question, headings, rows })}
<p class="soft">${quality.orderReported(alpha, reported.length, tests, figures.intervalCovers)}</p>`;
}

function effectRow(question: string, effect: PositionEffect, messages: Messages): FiguresRow {
  const { figures } = messages;
  const { position, observed, expected, bias, interval, p, adjustedP } = effect;
  const bounds = interval ? figures.range(points(interval.low), points(interval.high)) : '–';
  const shares = [percent(observed), percent(expected), points(bias), bounds];
  return {
    heading: question,
    figures: [figures[position], ...shares, pText(p, messages), pText(adjustedP, messages)],
  };
}

function verdict(effect: PositionEffect, { quality, figures }: Messages): string {
  const { position, bias, byPosition, p, n, isReported } = effect;
  const where = figures[position];
  if (p === null) return quality.tooFew(where, n);
  if (!isReported) return quality.noEffect(where);
  return bias > 0
    ? quality.tooOften(where, points(bias), percent(byPosition))
    : quality.tooSeldom(where, points(bias));
}

/** How consistent one respondent's answers are. */
export function consistencySection({ replicates, questions }: ConsistencyReport, messages: Messages): Html {
  const { quality, report } = messages;
  const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  const rows = questions.map(({ question, n, exactAgreement, alpha, icc, withinSd }): FiguresRow => {
    const figures = [String(n), percent(exactAgreement), figure(alpha), figure(icc), figure(withinSd)];
    return { heading: outside(question), figures };
  });
  const headings = ['n', quality.same, quality.alpha, quality.icc, quality.sdWithin];
  return html`<h2 id="consistency">${quality.consistency}</h2>
<p>${quality.consistencyNote(replicates)}</p>
${figuresTable({ caption: quality.consistencyTable, rowHeading: report.question, headings, rows })}`;
}

/** Number of interviews by question and status. */
export function statusSection(tables: readonly QuestionTable[], words: SurveyWords): Html {
  const { quality, report, statuses: said } = words.messages;
  const titles = listedTitles(
    tables.map(({ question }) => question),
    words,
  );
  const rows = tables.map(({ statuses }, place): FiguresRow => {
    const link = html`<a href="#${questionId(place + 1)}">${place + 1}. ${titles[place] ?? ''}</a>`;
    return { heading: link, figures: answerStatuses.map((status) => String(statuses[status])) };
  });
  const headings = answerStatuses.map((status) => said.name[status]);
  const legend = answerStatuses.map(
    (status) =>
      html`<strong>${said.legend(said.name[status], status)}</strong>${quality.statusMeaning(said.meaning[status])}`,
  );
  return html`<h2 id="statuses">${quality.statuses}</h2>
<p class="soft">${legend}</p>
${figuresTable({ caption: quality.statusTable, rowHeading: report.question, headings, rows })}`;
}
