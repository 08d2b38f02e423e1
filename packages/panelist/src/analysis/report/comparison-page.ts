import type { Questionnaire } from '../../survey/questionnaire.ts';
import { missingRows } from '../answer-notes.ts';
import type { Calibration } from '../calibration/calibrate.ts';
import { renderCalibration } from '../calibration/calibration-text.ts';
import type { HumanComparison, QuestionComparison } from '../compare-humans.ts';
import { notComparedText, testLines, unmatchedText, unusedText, weightsText } from '../comparison-text.ts';
import { percent, pointsInterval, pTexts, rounded, shareDifference, shareText } from '../figures.ts';
import type { Interval } from '../statistics/intervals.ts';
import { fullTitle, type SurveyWords, surveyWords } from '../survey-words.ts';
import { figuresTable } from './figures-table.ts';
import { type Html, html, nothing, outside } from './html.ts';
import { pageHead } from './page-head.ts';
import { titleOf } from './question-section.ts';
import { reportStyle } from './style.ts';

/** A comparison with people's answers, and what it says of how far to trust the synthetic ones. */
export interface Compared {
  readonly comparison: HumanComparison;
  readonly calibration: Calibration;
}

/** One HTML page on a comparison with people's answers; like the report, it loads nothing and runs nothing. */
export function comparisonPage(compared: Compared, questionnaire: Questionnaire): string {
  const { messages } = surveyWords(questionnaire);
  const { comparison: said, report, synthetic } = messages;
  const title = said.pageTitle(outside(questionnaire.title));
  return html`${pageHead({ lang: messages.lang, title, style: reportStyle(report.printed) })}<body><main>
<h1 dir="auto">${title}</h1>
<div class="notice" role="note"><p><strong>${synthetic.lead}</strong> ${synthetic.notice}</p></div>
${comparisonParts(compared, questionnaire)}
</main></body></html>
`.markup;
}

/** The comparison's questions and its calibration, without a heading. */
export function comparisonParts({ comparison, calibration }: Compared, questionnaire: Questionnaire): Html {
  const words = surveyWords(questionnaire);
  const { messages } = words;
  const { comparison: said } = messages;
  const left = comparison.humanRowsWithoutWeight > 0 ? said.leftOut(comparison.humanRowsWithoutWeight) : '';
  const notCompared = notComparedText(comparison, messages);
  const unused = unusedText(comparison, messages);
  const text = renderCalibration(calibration, questionnaire, { width: 96 });
  return html`<p><strong>${messages.calibration.verdicts[calibration.verdict]}</strong></p>
<p>${said.beside(comparison.syntheticRespondents, comparison.humanRows, left)} ${weightsText(comparison, messages)} ${said.intervals(said.intervalCovers)} ${comparison.tests > 0 ? said.adjusted(comparison.tests) : ''}</p>
${unused === null ? nothing : html`<p class="soft">${outside(unused[0])}</p>`}
${notCompared === null ? nothing : html`<p class="soft">${outside(notCompared)}</p>`}
<p class="legend">${legend('fill', said.synthetic)} ${legend('people', said.human)}</p>
${comparison.questions.map((question) => questionPart(question, words))}
<pre class="scroll" tabindex="0">${text}</pre>`;
}

function questionPart(comparison: QuestionComparison, words: SurveyWords): Html {
  const { messages, readable } = words;
  const { comparison: said, figures, report } = messages;
  const { question, synthetic, human } = comparison;
  const headings = [
    said.synthetic,
    figures.interval,
    said.human,
    figures.interval,
    said.points,
    figures.interval,
  ];
  const rows = (synthetic.options ?? []).map(({ option, share, interval }, place) => {
    const ofPeople = human.options?.[place];
    const { interval: ofDifference, test } = comparison.options?.[place] ?? { interval: null, test: null };
    const name = outside(readable(option.text)) || outside(String(option.value));
    return {
      heading: test ? `${name} (${pTexts(test, messages)})` : name,
      drawn: pairedBars(share, ofPeople?.share ?? 0),
      figures: [
        ...[
          shareText(share, synthetic.n),
          bounds(interval, percent),
          shareText(ofPeople?.share ?? 0, human.n),
        ],
        bounds(ofPeople?.interval ?? null, percent),
        shareDifference({ share, n: synthetic.n }, { share: ofPeople?.share ?? 0, n: human.n }),
        pointsInterval(ofDifference),
      ],
    };
  });
  const number = (value: number): string => rounded(value, 2);
  const means =
    synthetic.numbers || human.numbers
      ? [
          {
            heading: figures.mean,
            figures: [synthetic.numbers, human.numbers]
              .flatMap((numbers) =>
                numbers ? [number(numbers.mean), bounds(numbers.interval, number)] : ['–', '–'],
              )
              .concat(
                comparison.meanDifference
                  ? [
                      number(comparison.meanDifference.difference),
                      bounds(comparison.meanDifference.interval, number),
                    ]
                  : ['–', '–'],
              ),
          },
        ]
      : [];
  const missing = missingRows([synthetic, human], messages).map(([heading = '', ...counts]) => ({
    heading,
    figures: counts.flatMap((count) => [count, '–']).concat('–', '–'),
  }));
  const unmatched = unmatchedText(comparison, messages);
  return html`<section class="question"><h3 dir="auto">${outside(fullTitle(question, words))}</h3>
${figuresTable({ caption: titleOf(question, words), isCaptionShown: false, rowHeading: report.answer, headings, rows: [...rows, ...means, ...missing] })}
<p class="soft">n = ${synthetic.n} (${said.synthetic}), ${human.n} (${said.human})</p>
${testLines(comparison, messages).map((line) => html`<p class="soft">${line}</p>`)}
${unmatched === null ? nothing : html`<p class="soft">${outside(unmatched)}</p>`}</section>
`;
}

function legend(colour: 'fill' | 'people', label: string): Html {
  return html`<span><svg viewBox="0 0 10 10" aria-hidden="true" focusable="false"><rect class="${colour}" width="10" height="10"/></svg>${label}</span>`;
}

/** The synthetic share above the human one. */
function pairedBars(synthetic: number, human: number): Html {
  const width = (share: number): string => rounded(100 * Math.min(1, Math.max(0, share)), 2);
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/><rect class="fill" width="${width(synthetic)}" height="4.5"/><rect class="people" y="5.5" width="${width(human)}" height="4.5"/></svg>`;
}

function bounds(interval: Interval | null, text: (value: number) => string): string {
  return interval === null ? '–' : `${text(interval.low)} – ${text(interval.high)}`;
}
