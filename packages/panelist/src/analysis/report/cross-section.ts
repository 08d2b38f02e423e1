import type { CrossTable } from '../cross-table.ts';
import { percent, pText, rounded } from '../figures.ts';
import type { SurveySummary } from '../survey-summary.ts';
import type { SurveyWords } from '../survey-words.ts';
import { figuresTable } from './figures-table.ts';
import { type Html, html, outside } from './html.ts';
import { titleOf } from './question-section.ts';

export function crossId(number: number): string {
  return `by-${number}`;
}

/** The cross-tables of each grouping: share and number of answers in each group, with the test. */
export function crossSections(crossTables: SurveySummary['crossTables'], words: SurveyWords): Html {
  return html`${crossTables.map(
    (
      { by, tables },
      place,
    ) => html`<h2 id="${crossId(place + 1)}">${words.messages.report.by(outside(by))}</h2>
<p class="soft">${words.messages.summary.chiSquare}</p>
${tables.map((table) => crossTable(table, words))}`,
  )}`;
}

function crossTable({ question, groups, rows, test }: CrossTable, words: SurveyWords): Html {
  const { messages, readable } = words;
  const { figures, report } = messages;
  const stem = outside(readable(question.stem));
  const caption = stem === '' ? titleOf(question, words) : `${stem} – ${titleOf(question, words)}`;
  const hasMeans = groups.some(({ numbers }) => numbers !== null);
  const table = figuresTable({
    caption,
    rowHeading: report.answer,
    headings: groups.map(({ label }) => outside(label)),
    rows: [
      ...(rows ?? []).map(({ option, cells, test: own }) => ({
        heading: `${outside(readable(option.text)) || outside(String(option.value))}${own ? ` (${pText(own.p, messages)})` : ''}`,
        figures: cells.map(({ share, count, isLow }) => `${percent(share)}${isLow ? '*' : ''} (${count})`),
      })),
      ...(hasMeans
        ? [
            {
              heading: figures.mean,
              figures: groups.map(({ numbers }) => (numbers ? rounded(numbers.mean, 2) : '–')),
            },
          ]
        : []),
      { heading: 'n', figures: groups.map(({ n }) => String(n)) },
    ],
  });
  return html`<section class="question">${table}${test ? html`<p class="soft">χ² = ${rounded(test.statistic, 2)}, df = ${test.df}, ${pText(test.p, messages)}</p>` : ''}</section>
`;
}
