import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { GroupDetail, GroupPoll, GroupResults } from '../../api/types.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Section } from '../../parts/page.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import { groupPath, groupResultsQuery } from './group-queries.ts';
import { Name } from './person.tsx';
import styles from './results-view.module.css';
import { ThemesSection } from './themes-section.tsx';

/** What the talk has moved, what it was about, and how those who spoke differ. */
export function ResultsView({ group }: { group: GroupDetail }) {
  const query = useQuery(groupResultsQuery(group.focusGroupId));
  if (query.data === undefined)
    return query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading />;
  const { analysis, polls } = query.data;
  return (
    <div className={styles.grid}>
      <ShiftsSection analysis={analysis} />
      <ThemesSection group={group} results={query.data} />
      {polls.length > 0 && <PollsSection polls={polls} />}
      <ParticipationSection analysis={analysis} />
      <LikenessSection analysis={analysis} />
      <DownloadsSection group={group} />
    </div>
  );
}

type Analysis = GroupResults['analysis'];
type Shift = NonNullable<Analysis['shifts']>[number];

function ShiftsSection({ analysis: { shifts } }: { analysis: Analysis }) {
  const messages = useMessages('groups');
  return (
    <Section title={messages.moved} actions={<SyntheticLabel />}>
      <p className={styles.soft}>{shifts === null ? messages.notBoth : messages.movedHint}</p>
      {shifts?.map((shift) => (
        <ShiftItem key={shift.question} shift={shift} />
      ))}
    </Section>
  );
}

function ShiftItem({ shift: { title, pairs, changed, number, choice } }: { shift: Shift }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const signed = (value: number): string => `${value > 0 ? '+' : ''}${format.decimal(value, 2)}`;
  return (
    <article className={styles.item}>
      <h3 dir="auto">{title}</h3>
      <p>{messages.pairs(format.whole(pairs), format.whole(changed))}</p>
      {number !== null && (
        <>
          <MoveLine before={number.meanBefore} after={number.meanAfter} />
          <p>
            {messages.meanMoved(
              format.decimal(number.meanBefore, 2),
              format.decimal(number.meanAfter, 2),
              signed(number.difference),
            )}
          </p>
          {number.interval !== null && (
            <p className={styles.soft}>
              {messages.interval(signed(number.interval.low), signed(number.interval.high))}
            </p>
          )}
          {number.sdBefore !== null && number.sdAfter !== null && (
            <p className={styles.soft}>
              {messages.spread(format.decimal(number.sdBefore, 2), format.decimal(number.sdAfter, 2))}
            </p>
          )}
          <p className={styles.soft}>
            {messages.nearer(format.whole(number.nearer), format.whole(number.farther))}
          </p>
        </>
      )}
      {choice !== null && (
        <>
          <p dir="auto">{messages.commonest(choice.commonest)}</p>
          <table className={styles.bars}>
            <tbody>
              {(
                [
                  [messages.before, choice.shareBefore],
                  [messages.after, choice.shareAfter],
                ] as const
              ).map(([when, share]) => (
                <tr key={when}>
                  <th scope="row">{when}</th>
                  <td className={styles.figure}>{format.percent(share)}</td>
                  <td className={styles.bar}>
                    <ShareBar share={share} interval={null} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </article>
  );
}

/** An arrow from the mean before to the mean after; its figures are beside it. */
function MoveLine({ before, after }: { before: number; after: number }) {
  const low = Math.floor(Math.min(before, after) - 0.5);
  const high = Math.ceil(Math.max(before, after) + 0.5);
  const place = (value: number): number => Math.round((10_000 * (value - low)) / (high - low)) / 100;
  return (
    <svg className={styles.move} viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <path className={styles.axis} d="M0 6H100" />
      <path className={styles.arrow} d={`M${place(before)} 6H${place(after)}`} />
      <rect className={styles.before} x={place(before) - 0.5} y="1" width="1" height="10" />
      <rect className={styles.after} x={place(after) - 0.5} y="1" width="1" height="10" />
    </svg>
  );
}

function PollsSection({ polls }: { polls: readonly GroupPoll[] }) {
  const messages = useMessages('groups');
  const format = useFormat();
  return (
    <Section title={messages.polls} actions={<SyntheticLabel />}>
      {polls.map((poll) => (
        <article key={poll.taskId} className={styles.item}>
          <h3>
            {messages.pollKinds[poll.poll]} <bdi>{poll.title}</bdi>
          </h3>
          {poll.questions.map((question) => (
            <div key={question.name} className={styles.question}>
              <p dir="auto">{question.title}</p>
              <p className={styles.soft}>
                {messages.pollBase(format.whole(question.n))}
                {question.mean !== null && ` · ${messages.pollMean(format.decimal(question.mean, 2))}`}
              </p>
              {question.options !== null && (
                <table className={styles.bars}>
                  <tbody>
                    {question.options.map(({ text, count, share }) => (
                      <tr key={text}>
                        <th scope="row" dir="auto">
                          {text}
                        </th>
                        <td className={styles.figure}>{format.whole(count)}</td>
                        <td className={styles.figure}>{format.percent(share)}</td>
                        <td className={styles.bar}>
                          <ShareBar share={share} interval={null} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
              {question.examples.length > 0 && (
                <ul className={styles.quotes}>
                  {question.examples.map((example) => (
                    <li key={example} dir="auto">
                      {example}
                    </li>
                  ))}
                </ul>
              )}
            </div>
          ))}
          <Link to="/tasks/$taskId" params={{ taskId: poll.taskId }}>
            {messages.toTask}
          </Link>
        </article>
      ))}
    </Section>
  );
}

function ParticipationSection({ analysis: { participation, lengths } }: { analysis: Analysis }) {
  const messages = useMessages('groups');
  const format = useFormat();
  return (
    <Section title={messages.participation}>
      <div className={styles.wide}>
        <table>
          <thead>
            <tr>
              <th scope="col">{messages.speaker}</th>
              <th scope="col" className={styles.figure}>
                {messages.columns.replies}
              </th>
              <th scope="col" className={styles.figure}>
                {messages.wordsSaid}
              </th>
              <th scope="col" colSpan={2}>
                {messages.shareOfWords}
              </th>
            </tr>
          </thead>
          <tbody>
            {participation.speakers.map((speaker) => (
              <tr key={speaker.participantId}>
                <th scope="row">
                  <Name>{speaker.name}</Name>
                </th>
                <td className={styles.figure}>{format.whole(speaker.replies)}</td>
                <td className={styles.figure}>{format.whole(speaker.words)}</td>
                <td className={styles.figure}>{format.percent(speaker.share)}</td>
                <td className={styles.bar}>
                  <ShareBar share={speaker.share} interval={null} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {participation.gini !== null && (
        <p className={styles.soft}>{messages.gini(format.decimal(participation.gini, 2))}</p>
      )}
      {lengths.median !== null && (
        <p className={styles.soft}>
          {messages.lengths(format.whole(lengths.median), format.whole(lengths.humanMedian))}
        </p>
      )}
    </Section>
  );
}

function LikenessSection({ analysis: { distinctiveness, convergence } }: { analysis: Analysis }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const { recognised, chance, speakers } = distinctiveness;
  return (
    <Section title={messages.likeness}>
      <p>
        {recognised === null || chance === null
          ? messages.notRecognised
          : messages.recognised(
              format.percent(recognised),
              format.percent(chance.mean),
              format.percent(chance.range.low),
              format.percent(chance.range.high),
            )}
      </p>
      {speakers.length > 0 && (
        <table className={styles.bars}>
          <tbody>
            {speakers.map((speaker) => (
              <tr key={speaker.participantId}>
                <th scope="row">
                  <Name>{speaker.name}</Name>
                </th>
                <td className={styles.figure}>{format.percent(speaker.recognised)}</td>
                <td className={styles.bar}>
                  <ShareBar share={speaker.recognised} interval={null} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {convergence.mean !== null && (
        <p className={styles.soft}>
          {messages.similarity(format.decimal(convergence.mean, 2))}{' '}
          {convergence.slope !== null && messages.slope(format.decimal(convergence.slope, 3))}
        </p>
      )}
    </Section>
  );
}

const files = ['transcript.md', 'transcript.csv', 'transcript.jsonl', 'report.html'] as const;

function DownloadsSection({ group: { focusGroupId } }: { group: GroupDetail }) {
  const messages = useMessages('groups');
  const link = (file: string): ReactNode => (
    <a
      key={file}
      href={`/api/${groupPath(focusGroupId)}/downloads/${file}`}
      download
      className={buttonClass()}
    >
      {file}
    </a>
  );
  return (
    <Section title={messages.downloads}>
      <p className={styles.files}>{files.map(link)}</p>
    </Section>
  );
}
