import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { CrossTable, DistributionRow, Interval, QuestionSummary } from '../../api/types.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { withKeys } from '../../parts/with-keys.ts';
import { questionAnchor } from '../../task/question-anchor.ts';
import { GroupedTable } from './grouped-table.tsx';
import styles from './question-card.module.css';

/** One question: its distribution as bars with their figures, or some of its texts. */
export function QuestionCard({
  question,
  crossTable,
  language,
}: {
  question: QuestionSummary;
  /** By groups, where that is asked for. */
  crossTable: CrossTable | null;
  language: string;
}) {
  const messages = useMessages('run');
  const format = useFormat();
  const { title, name, answers, rows, examples } = question;
  const anchor = questionAnchor(name);
  const isTarget = useLocation({ select: ({ hash }) => hash === anchor });
  const place = useRef<HTMLElement>(null);
  // The router scrolls to what is there already; a distribution may come later.
  useEffect(() => {
    if (isTarget) place.current?.scrollIntoView();
  }, [isTarget]);
  return (
    <article ref={place} id={anchor} className={styles.card} data-target={isTarget || undefined}>
      <header>
        <h3 lang={language} dir="auto">
          {title}
        </h3>
        <p className={styles.facts}>
          <code>{name}</code>
          <span>{messages.base(format.whole(answers), format.whole(question.n))}</span>
          <Statuses statuses={question.statuses} />
        </p>
      </header>
      {answers === 0 && <p className={styles.facts}>{messages.noAnswers}</p>}
      {crossTable !== null && answers > 0 ? (
        <GroupedTable title={title} table={crossTable} language={language} />
      ) : (
        rows.length > 0 && answers > 0 && <Distribution title={title} rows={rows} language={language} />
      )}
      {crossTable === null && <Numbers question={question} />}
      {examples.length > 0 && (
        <div className={styles.examples}>
          <h4>{messages.examples}</h4>
          <ul>
            {withKeys(examples, (example) => example).map(({ key, value }) => (
              <li key={key} lang={language} dir="auto">
                {value}
              </li>
            ))}
          </ul>
        </div>
      )}
    </article>
  );
}

/** What is not in the distribution, and why. */
function Statuses({ statuses }: { statuses: QuestionSummary['statuses'] }) {
  const messages = useMessages('run');
  const format = useFormat();
  const others = Object.entries(statuses).filter(([status, count]) => status !== 'answered' && count > 0);
  return others.map(([status, count]) => (
    <span key={status}>
      {format.whole(count)}{' '}
      {Object.hasOwn(messages.statuses, status)
        ? messages.statuses[status as keyof typeof messages.statuses]
        : status}
    </span>
  ));
}

function Distribution({
  title,
  rows,
  language,
}: {
  title: string;
  rows: readonly DistributionRow[];
  language: string;
}) {
  const messages = useMessages('run');
  const format = useFormat();
  const hasIntervals = rows.some(({ interval }) => interval !== null);
  const hasRanks = rows.some(({ meanRank }) => meanRank !== null);
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{messages.option}</th>
          <td />
          <th scope="col">{messages.share}</th>
          {hasIntervals && (
            <th scope="col" className={styles.interval}>
              {messages.interval}
            </th>
          )}
          <th scope="col">{messages.count}</th>
          {hasRanks && <th scope="col">{messages.meanRank}</th>}
        </tr>
      </thead>
      <tbody>
        {withKeys(rows, ({ label }) => label).map(
          ({ key, value: { label, share, interval, count, meanRank } }) => (
            <tr key={key}>
              <th scope="row" lang={language} dir="auto">
                {label}
              </th>
              <td className={styles.drawn}>
                <ShareBar share={share} interval={interval} />
              </td>
              <td>{format.percent(share)}</td>
              {hasIntervals && (
                <td className={styles.interval}>
                  {interval === null
                    ? '–'
                    : `${format.percent(interval.low)} – ${format.percent(interval.high)}`}
                </td>
              )}
              <td>{format.whole(count)}</td>
              {hasRanks && <td>{meanRank === null ? '–' : format.decimal(meanRank, 2)}</td>}
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

/** Mean and spread, and the ends of a scale. */
function Numbers({
  question: { numbers, topTwo, bottomTwo, netPromoterScore },
}: {
  question: QuestionSummary;
}) {
  const messages = useMessages('run');
  const format = useFormat();
  const plain = (value: number): string => format.decimal(value, 2);
  const percent = (value: number): string => format.percent(value);
  if (numbers === null) return null;
  return (
    <p className={styles.facts}>
      <Estimate name={messages.mean} value={numbers.mean} interval={numbers.interval} write={plain} />
      {numbers.sd !== null && (
        <Estimate name={messages.sd} value={numbers.sd} interval={null} write={plain} />
      )}
      <span>
        {messages.range} {plain(numbers.min)} – {plain(numbers.max)}
      </span>
      {topTwo !== null && (
        <Estimate name={messages.topTwo} value={topTwo.share} interval={topTwo.interval} write={percent} />
      )}
      {bottomTwo !== null && (
        <Estimate
          name={messages.bottomTwo}
          value={bottomTwo.share}
          interval={bottomTwo.interval}
          write={percent}
        />
      )}
      {netPromoterScore !== null && (
        <Estimate
          name={messages.netPromoterScore}
          value={netPromoterScore.value}
          interval={netPromoterScore.interval}
          write={plain}
        />
      )}
    </p>
  );
}

function Estimate({
  name,
  value,
  interval,
  write,
}: {
  name: string;
  value: number;
  interval: Interval | null;
  write: (value: number) => string;
}) {
  return (
    <span>
      {name} <b>{write(value)}</b>
      {interval !== null && ` (${write(interval.low)} – ${write(interval.high)})`}
    </span>
  );
}
