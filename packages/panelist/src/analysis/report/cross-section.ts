import { cellText, chiSquareTestText, meansTestText, meanText } from '../cross-figures.ts';
import { type CrossTable, testsOf } from '../cross-table.ts';
import { pTexts } from '../figures.ts';
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
<p class="soft">${words.messages.summary.chiSquare(tables.flatMap(testsOf).filter((test) => test !== null).length)}</p>
${tables.map((table) => crossTable(table, words))}`,
  )}`;
}

function crossTable({ question, groups, rows, test, means }: CrossTable, words: SurveyWords): Html {
  const { messages, readable } = words;
  const { figures, report } = messages;
  const stem = outside(readable(question.stem));
  const caption = stem === '' ? titleOf(question, words) : `${stem} – ${titleOf(question, words)}`;
  const hasMeans = groups.some(({ numbers }) => numbers !== null);
  const table = figuresTable({
    caption,
    rowHeading: report.answer,
    headings: groups.map(({ label, letter }) => `${outside(label)} (${letter})`),
    rows: [
      ...(rows ?? []).map(({ option, cells, test: own }) => ({
        heading: `${outside(readable(option.text)) || outside(String(option.value))}${own ? ` (${pTexts(own, messages)})` : ''}`,
        figures: cells.map((cell) => cellText(cell)),
      })),
      ...(hasMeans
        ? [
            {
              heading: figures.mean,
              figures: groups.map(({ numbers }, place) => meanText(numbers, means?.higherThan[place])),
            },
          ]
        : []),
      { heading: 'n', figures: groups.map(({ n }) => String(n)) },
    ],
  });
  const tests = [
    ...(test ? [chiSquareTestText(test, messages)] : []),
    ...(means?.test ? [meansTestText(means.test, messages)] : []),
  ];
  return html`<section class="question">${table}${tests.map((text) => html`<p class="soft">${text}</p>`)}</section>
`;
}
