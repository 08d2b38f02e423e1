import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import type { Comparison, QuestionDifference } from './comparison-query.ts';
import styles from './comparison-view.module.css';
import { DifferenceLine } from './difference-line.tsx';
import { pText, questionId, signed } from './figures.ts';
import { QuestionComparison } from './question-comparison.tsx';

const LEVEL = 0.05;

/** Differences first, the largest on top; then each question's table. */
export function ComparisonView({ comparison, isOfPeople }: { comparison: Comparison; isOfPeople: boolean }) {
  const messages = useMessages('compare');
  const format = useFormat();
  const { respondents, questions, notCompared, calibration, tests, leftOut, isWeighted, unusedColumns } =
    comparison;
  const ordered = questions.toSorted((a, b) => (b.effect ?? -1) - (a.effect ?? -1));
  const second = isOfPeople ? messages.people : messages.second;
  return (
    <>
      {calibration !== null && (
        <Notice kind={calibration.verdict === 'better than a guess' ? 'info' : 'warn'}>
          <strong>{messages.verdicts[calibration.verdict]}</strong>{' '}
          {messages.beats(
            format.whole(calibration.beatsGuess.questions),
            format.whole(calibration.beatsGuess.of),
          )}
        </Notice>
      )}
      <Section title={messages.differences}>
        <p className={styles.note}>
          {messages.counts(format.whole(respondents.first), format.whole(respondents.second), second)}{' '}
          {leftOut > 0 && messages.leftOut(format.whole(leftOut))}{' '}
          {(isWeighted.first || isWeighted.second) && messages.weighted} {messages.tests(format.whole(tests))}{' '}
          {isOfPeople ? messages.intervalsPeople : messages.intervalsRuns}
        </p>
        <DifferenceTable questions={ordered} />
        {notCompared.length > 0 && (
          <p className={styles.note}>
            {messages.notCompared}{' '}
            {notCompared
              .map(({ question, reason }) => messages.notComparedFor(question, messages.reasons[reason]))
              .join(', ')}
          </p>
        )}
        {unusedColumns.length > 0 && (
          <p className={styles.note}>
            {messages.unused} {unusedColumns.join(', ')}
          </p>
        )}
      </Section>
      <Section title={messages.questions}>
        <div className={styles.questions}>
          {ordered.map((question) => (
            <QuestionComparison key={question.name} question={question} second={second} />
          ))}
        </div>
      </Section>
    </>
  );
}

function DifferenceTable({ questions }: { questions: readonly QuestionDifference[] }) {
  const messages = useMessages('compare');
  const format = useFormat();
  return (
    <ScrollRegion label={messages.differences}>
      <table className={styles.differences}>
        <caption className="visually-hidden">{messages.differences}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.question}</th>
            <th scope="col">{messages.effect}</th>
            <td />
            <th scope="col">{messages.largest}</th>
            <th scope="col">{messages.p}</th>
          </tr>
        </thead>
        <tbody>
          {questions.map((question) => {
            const { name, title, effect, adjustedP } = question;
            const largest = largestDifference(question);
            const isClear = adjustedP !== null && adjustedP < LEVEL;
            return (
              <tr key={name} data-clear={isClear || undefined}>
                <th scope="row" dir="auto">
                  <a href={`#${questionId(name)}`}>{title}</a>
                </th>
                <td>
                  {effect === null ? '–' : format.decimal(effect, 2)}
                  {question.totalVariation?.interval != null && (
                    <span className={styles.interval}>
                      {' '}
                      {format.decimal(question.totalVariation.interval.low, 2)} –{' '}
                      {format.decimal(question.totalVariation.interval.high, 2)}
                    </span>
                  )}
                </td>
                <td className={styles.drawn}>
                  {largest !== null && <DifferenceLine effect={largest.effect} range={largest.range} />}
                </td>
                <td>
                  {largest === null ? (
                    '–'
                  ) : (
                    <>
                      <bdi>{largest.label ?? messages.mean}</bdi>{' '}
                      {largest.label === null
                        ? signed(format.decimal(largest.effect.value, 2), largest.effect.value)
                        : messages.points(
                            signed(format.decimal(largest.effect.value * 100, 0), largest.effect.value),
                          )}
                    </>
                  )}
                </td>
                <td>
                  {pText(adjustedP, format)}
                  {isClear && <span className="visually-hidden"> {messages.clear}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Of options that whose shares differ most; of numbers the means'. */
function largestDifference({ options, meanDifference, first, second }: QuestionDifference) {
  if (options !== null && options.length > 0) {
    const largest = options.reduce((most, option) =>
      Math.abs(option.difference.value) > Math.abs(most.difference.value) ? option : most,
    );
    return { label: largest.text, effect: largest.difference, range: 1 };
  }
  if (meanDifference === null) return null;
  const spread = Math.max(first.sd ?? 0, second.sd ?? 0, Math.abs(meanDifference.value));
  return { label: null, effect: meanDifference, range: spread === 0 ? 1 : spread };
}
