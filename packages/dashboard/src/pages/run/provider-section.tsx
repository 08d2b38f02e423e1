import type { AccountFigures, RunWait, TaskLive, TaskView } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Figure, Figures } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import styles from './provider-section.module.css';

/** The throttle: how fast calls go out against what is allowed, and what they wait for. */
export function ProviderSection({ task, live }: { task: TaskView; live: TaskLive | undefined }) {
  const messages = useMessages('run');
  const { accounts = [], wait = null, requestsPerMinute = null, runs } = live ?? {};
  return (
    <Section title={messages.provider}>
      {runs === 'elsewhere' && <p className={styles.remark}>{messages.elsewhere}</p>}
      {accounts.length === 0 && runs !== 'elsewhere' && <p className={styles.remark}>{messages.idle}</p>}
      {accounts.length > 0 && <Wait wait={wait} />}
      {accounts.map((account, index) => (
        <Account
          // Their order is that of the run's models.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={index}
          account={account}
          rate={accounts.length === 1 ? requestsPerMinute : null}
          isSetHere={task.limits?.requestsPerMinute != null}
        />
      ))}
    </Section>
  );
}

function Wait({ wait }: { wait: RunWait | null }) {
  const messages = useMessages('run');
  const format = useFormat();
  const time = (seconds: number): string => format.duration(Math.ceil(seconds) * 1_000);
  const reason = (): string => {
    if (wait === null) return messages.flowing;
    const { seconds } = wait;
    if (wait.reason === 'provider-asked')
      return messages.providerAsked(seconds === null ? '…' : time(seconds));
    if (wait.reason === 'outage')
      return seconds === null ? messages.outageNow : messages.outage(time(seconds));
    return messages.refusing(wait.status === undefined ? '' : messages.httpStatus(wait.status));
  };
  return (
    <div className={styles.wait} data-waits={wait !== null || undefined}>
      <p>{reason()}</p>
      {wait !== null && wait.givesUpInSeconds !== null && (
        <p>{messages.givesUp(time(wait.givesUpInSeconds))}</p>
      )}
    </div>
  );
}

function Account({
  account,
  rate,
  isSetHere,
}: {
  account: AccountFigures;
  rate: number | null;
  isSetHere: boolean;
}) {
  const messages = useMessages('run');
  const format = useFormat();
  const { requestsPerMinute, estimatedPerMinute, tokensPerMinute } = account;
  const limit = requestsPerMinute ?? estimatedPerMinute;
  const source = requestsPerMinute === null ? 'estimated' : isSetHere ? 'set' : 'learned';
  const shown = rate === null ? '–' : format.whole(rate);
  return (
    <>
      <div>
        <Figures>
          <Figure name={messages.rate}>
            {limit === null ? messages.rateOnly(shown) : messages.rateOf(shown, format.whole(limit))}
          </Figure>
        </Figures>
        {limit !== null && (
          <>
            <div className={styles.meter} aria-hidden="true">
              <span style={{ width: `${Math.min(100, (100 * (rate ?? 0)) / limit)}%` }} />
            </div>
            <p className={styles.remark}>{messages.source[source]}</p>
          </>
        )}
      </div>
      <Figures>
        <Figure name={messages.callsInFlight}>{format.whole(account.inFlight)}</Figure>
        <Figure name={messages.callsWaiting}>{format.whole(account.waiting)}</Figure>
        <Figure name={messages.refused}>{format.whole(account.refused)}</Figure>
        <Figure name={messages.retried}>{format.whole(account.retries)}</Figure>
        {account.failed > 0 && <Figure name={messages.errors}>{format.whole(account.failed)}</Figure>}
        {tokensPerMinute !== null && (
          <Figure name={messages.tokenLimit}>{format.whole(tokensPerMinute)}</Figure>
        )}
      </Figures>
    </>
  );
}
