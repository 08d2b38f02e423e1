import type { Messages } from '../../languages/messages.ts';
import { answerStatuses } from '../../survey/answer.ts';
import type { ConsistencyReport } from '../consistency.ts';
import { percent, points, pText, rounded } from '../figures.ts';
import type { OrderEffectReport, PositionEffect, ScaleOrderEffect } from '../order-effect.ts';
import { levelText, missedInQuestions, orderVerdicts, signed } from '../order-text.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { QuestionTable } from '../tabulate.ts';
import { type FiguresRow, figuresTable } from './figures-table.ts';
import { type Html, html, nothing, outside } from './html.ts';
import { listedTitles, questionId } from './question-section.ts';

/** Whether the displayed order of options made a difference. */
export function orderSection(report: OrderEffectReport, messages: Messages): Html {
  const { pooled, pooledScales, questions, scales, alpha, levels } = report;
  const { quality, figures, order } = messages;
  const heading = html`<h2 id="order">${quality.order}</h2>`;
  if (pooled === null && pooledScales === null) return html`${heading}<p>${quality.orderUnknown}</p>`;
  const reported = questions.flatMap(({ question, first, last }) =>
    [first, last].filter(({ isReported }) => isReported).map((effect) => [question, effect] as const),
  );
  const reportedScales = scales.filter(({ isReported }) => isReported);
  const tests = 2 * questions.length + scales.length;
  const found = reported.length + reportedScales.length;
  const sentences = [
    ...orderVerdicts(report, messages),
    ...missedInQuestions(report, messages),
    order.missing,
  ];
  const level = levelText(levels.questions);
  return html`${heading}
<p>${quality.orderQuestion}</p>
<ul>${sentences.map((text) => html`<li>${text}</li>`)}</ul>
${pooled === null ? nothing : listsTable(pooled, reported, messages)}
${reportedScales.length === 0 ? nothing : scalesTable(reportedScales, messages)}
<p class="soft">${quality.orderReported(alpha, found, tests, level, figures.intervalCovers)}</p>`;
}

function listsTable(
  pooled: NonNullable<OrderEffectReport['pooled']>,
  reported: readonly (readonly [question: string, effect: PositionEffect])[],
  messages: Messages,
): Html {
  const { quality, report } = messages;
  const { shown, chosen, expected, points: inPoints, interval, p, pAdjusted } = quality;
  const rows: FiguresRow[] = [
    ...(['first', 'last'] as const).map((position) =>
      effectRow(quality.allQuestions, pooled[position], messages),
    ),
    ...reported.map(([question, effect]) => effectRow(outside(question), effect, messages)),
  ];
  const headings = [shown, chosen, expected, inPoints, interval, p, pAdjusted];
  return figuresTable({ caption: quality.orderTable, rowHeading: report.question, headings, rows });
}

function scalesTable(scales: readonly ScaleOrderEffect[], messages: Messages): Html {
  const { quality, report, order, figures } = messages;
  const rows = scales.map(
    ({ question, forwards, backwards, interval, p, adjustedP, difference }): FiguresRow => {
      // The interval is of the shift towards what is displayed first; the means say which way the scores went.
      const isTurned = Math.sign(difference) !== Math.sign(backwards.mean - forwards.mean);
      const ends = interval && (isTurned ? [-interval.high, -interval.low] : [interval.low, interval.high]);
      return {
        heading: outside(question),
        figures: [
          rounded(forwards.mean, 2),
          rounded(backwards.mean, 2),
          signed(backwards.mean - forwards.mean),
          ends ? figures.range(signed(ends[0] as number), signed(ends[1] as number)) : '–',
          pText(p, messages),
          pText(adjustedP, messages),
        ],
      };
    },
  );
  const headings = [
    order.forwards,
    order.backwards,
    order.difference,
    quality.interval,
    quality.p,
    quality.pAdjusted,
  ];
  return figuresTable({ caption: quality.scalesTable, rowHeading: report.question, headings, rows });
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
