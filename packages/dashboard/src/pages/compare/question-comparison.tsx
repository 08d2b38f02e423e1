import { ShareBar } from '../../charts/share-bar.tsx';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import type { QuestionDifference } from './comparison-query.ts';
import styles from './comparison-view.module.css';
import { DifferenceLine } from './difference-line.tsx';
import { pText, questionId, signed } from './figures.ts';

/** One question: both sides' figures, and what the tests say. */
export function QuestionComparison({ question, second }: { question: QuestionDifference; second: string }) {
  const messages = useMessages('compare');
  const format = useFormat();
  const { name, title, options, unmatched } = question;
  return (
    <article className={styles.card} id={questionId(name)}>
      <header>
        <h3 dir="auto">{title}</h3>
        <p className={styles.note}>
          <code>{name}</code> · n {format.whole(question.first.n)} / {format.whole(question.second.n)}
        </p>
      </header>
      {options !== null && options.length > 0 && (
        <OptionTable title={title} options={options} second={second} />
      )}
      <Tests question={question} />
      {unmatched.length > 0 && (
        <p className={styles.note}>
          {messages.unmatched}{' '}
          {unmatched
            .map(({ value, count }) => messages.unmatchedValue(value, format.whole(count)))
            .join(', ')}
        </p>
      )}
    </article>
  );
}

function OptionTable({
  title,
  options,
  second,
}: {
  title: string;
  options: NonNullable<QuestionDifference['options']>;
  second: string;
}) {
  const messages = useMessages('compare');
  const format = useFormat();
  return (
    <ScrollRegion label={title}>
      <table className={styles.options}>
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.answer}</th>
            <th scope="col">{messages.first}</th>
            <th scope="col">{second}</th>
            <th scope="col">{messages.difference}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {options.map(({ value, text, first, second: other, difference }) => (
            <tr key={value}>
              <th scope="row" dir="auto">
                {text}
              </th>
              <td>
                <ShareBar share={first.share} interval={first.interval} />
                {format.percent(first.share)}
              </td>
              <td>
                <ShareBar share={other.share} interval={other.interval} />
                {format.percent(other.share)}
              </td>
              <td>
                {messages.points(signed(format.decimal(difference.value * 100, 0), difference.value))}
                {difference.interval !== null && (
                  <span className={styles.interval}>
                    {' '}
                    {signed(format.decimal(difference.interval.low * 100, 0), difference.interval.low)} …{' '}
                    {signed(format.decimal(difference.interval.high * 100, 0), difference.interval.high)}
                  </span>
                )}
              </td>
              <td className={styles.drawn}>
                <DifferenceLine effect={difference} range={1} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Tests({ question }: { question: QuestionDifference }) {
  const messages = useMessages('compare');
  const format = useFormat();
  const { totalVariation, kolmogorovSmirnov, chiSquare, meanDifference, sdRatio, first, second } = question;
  const number = (value: number): string => format.decimal(value, 2);
  const range = (interval: { low: number; high: number } | null): string =>
    interval === null ? '' : ` (${number(interval.low)} – ${number(interval.high)})`;
  const p = (adjusted: number): string => messages.adjusted(pText(adjusted, format));
  const lines = [
    first.mean !== null && second.mean !== null
      ? messages.means(number(first.mean), number(second.mean))
      : null,
    meanDifference && messages.meanDifference(number(meanDifference.value) + range(meanDifference.interval)),
    sdRatio === null ? null : messages.sdRatio(number(sdRatio)),
    totalVariation &&
      `${messages.totalVariation(number(totalVariation.value) + range(totalVariation.interval), number(totalVariation.byChance))}, ${p(totalVariation.adjustedP)}`,
    kolmogorovSmirnov &&
      `Kolmogorov–Smirnov D ${number(kolmogorovSmirnov.d)}, ${p(kolmogorovSmirnov.adjustedP)}`,
    chiSquare && `Rao–Scott F ${number(chiSquare.f)}, ${p(chiSquare.adjustedP)}`,
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <ul className={styles.tests}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
