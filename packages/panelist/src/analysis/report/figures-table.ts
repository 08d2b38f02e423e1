import { bar } from './bar-chart.ts';
import { type Html, html, nothing, ownMarkup } from './html.ts';

export interface FiguresRow {
  readonly heading: Html | string;
  /** Before the figures: an image, or the length of a bar, 0 to 1. */
  readonly drawn?: number | Html | undefined;
  /** `''` for a missing figure. */
  readonly figures: readonly string[];
}

/**
 * A table of figures. On narrow screens each row becomes a block in which every figure has its column heading, so that no
 * column is hidden. Roles are explicit because that layout would otherwise remove them.
 */
export function figuresTable({
  caption,
  isCaptionShown = true,
  rowHeading,
  headings,
  rows,
}: {
  readonly caption: string;
  /** `false` hides the caption from all but screen readers, for tables under a heading of the same text. @default true */
  readonly isCaptionShown?: boolean | undefined;
  /** Heading of the first column. */
  readonly rowHeading: string;
  readonly headings: readonly string[];
  readonly rows: readonly FiguresRow[];
}): Html {
  const hasBars = rows.some(({ drawn }) => drawn !== undefined);
  const barHeading = hasBars ? html`<th scope="col" role="columnheader"></th>` : nothing;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="plain${hasBars ? ' bars' : ''}" role="table"><caption${isCaptionShown ? '' : ownMarkup(' class="unseen"')}>${caption}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${rowHeading}</th>${barHeading}${headings.map((text) => html`<th scope="col" role="columnheader" class="number">${text}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => figuresRow(row, headings, hasBars))}</tbody></table></div>`;
}

function figuresRow(
  { heading, drawn = nothing, figures }: FiguresRow,
  headings: readonly string[],
  hasBars: boolean,
): Html {
  const cells = figures.map(
    (text, column) =>
      html`<td role="cell" class="number" data-heading="${headings[column] ?? ''}">${text}</td>`,
  );
  return html`<tr role="row"><th scope="row" role="rowheader" dir="auto">${heading}</th>${!hasBars ? nothing : html`<td role="cell" class="drawn">${typeof drawn === 'number' ? bar(drawn, null) : drawn}</td>`}${cells}</tr>
`;
}
