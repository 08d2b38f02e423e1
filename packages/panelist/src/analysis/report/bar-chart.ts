import type { Messages } from '../../languages/messages.ts';
import type { DistributionRow } from '../distribution-rows.ts';
import { percent, rounded } from '../figures.ts';
import { type Html, html, nothing, outside } from './html.ts';

/**
 * A bar chart as a table with a bar in each row, so that screen readers and copies have the numbers. Roles are explicit
 * because the layout for narrow screens would otherwise remove them.
 */
export function barChart(
  rows: readonly DistributionRow[],
  caption: Html,
  { report, figures }: Messages,
  lang: string,
): Html {
  const hasIntervals = rows.some(({ interval }) => interval !== null);
  const hasRanks = rows.some(({ meanRank }) => meanRank !== null);
  const heading = (text: string): Html =>
    html`<th scope="col" role="columnheader" class="number">${text}</th>`;
  return html`<table class="chart" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${report.answer}</th>
<th scope="col" role="columnheader">${report.scale}</th>${heading(report.share)}${hasIntervals ? heading(figures.interval) : nothing}
${heading(report.answers)}${hasRanks ? heading(report.meanRank) : nothing}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => barRow(row, { hasIntervals, hasRanks, lang }))}</tbody></table>`;
}

function barRow(
  { label, count, share, interval, meanRank }: DistributionRow,
  { hasIntervals, hasRanks, lang }: { hasIntervals: boolean; hasRanks: boolean; lang: string },
): Html {
  const figure = (text: string): Html => html`<td role="cell" class="number">${text}</td>`;
  const bounds = interval ? `${percent(interval.low)} – ${percent(interval.high)}` : '–';
  return html`<tr role="row"><th scope="row" role="rowheader" lang="${lang}" dir="auto">${outside(label)}</th>
<td role="cell" class="drawn">${bar(share, interval)}</td>${figure(percent(share))}${hasIntervals ? html`<td role="cell" class="number interval">${bounds}</td>` : nothing}
${figure(String(count))}${hasRanks ? figure(meanRank === null ? '–' : meanRank.toFixed(2)) : nothing}</tr>
`;
}

/** Draws a share of the width, with its interval. The image stretches with its cell; lines stay thin. */
export function bar(share: number, interval: DistributionRow['interval']): Html {
  const ends = interval && [place(interval.low), place(interval.high)];
  const whisker = ends
    ? html`<path class="whisker" d="M${ends[0] as string} 5H${ends[1] as string}M${ends[0] as string} 2.5V7.5M${ends[1] as string} 2.5V7.5"/>`
    : nothing;
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/><path class="tick" d="M25 0V10M50 0V10M75 0V10"/><rect class="fill" width="${place(share)}" height="10"/>${whisker}</svg>`;
}

/** Percent of the width, at most 100: the combined rest of a multiple choice can exceed a share of 1. */
function place(share: number): string {
  return rounded(100 * Math.min(1, Math.max(0, share)), 2);
}
