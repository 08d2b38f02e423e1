import type { SurveyCheck } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Figure, Figures } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { ErrorState } from '../../parts/states.tsx';
import { withKeys } from '../../parts/with-keys.ts';
import styles from './check-section.module.css';
import type { DraftChecking } from './use-check.ts';

type Finding = SurveyCheck['survey']['problems'][number];
type Preview = NonNullable<SurveyCheck['preview']>;

/** What is wrong with the draft, and what it would take. */
export function CheckSection({
  checking: { check, isChecking, error },
  isFree,
  onLine,
}: {
  checking: DraftChecking;
  isFree: boolean;
  onLine: (line: number) => void;
}) {
  const messages = useMessages('newSurvey');
  const format = useFormat();
  const survey = check?.survey ?? null;
  return (
    <Section
      title={messages.check}
      actions={
        <span className={styles.checking} role="status">
          {isChecking && messages.checking}
        </span>
      }
    >
      {error !== null && <ErrorState error={error} />}
      {survey === null && error === null && !isChecking && (
        <p className={styles.hint}>{messages.nothingYet}</p>
      )}
      {survey !== null && (
        <div className={styles.findings} aria-live="polite">
          {survey.isValid && (
            <p className={styles.valid}>
              {messages.valid(format.whole(survey.questions), format.whole(survey.pages))}
            </p>
          )}
          <Findings
            title={messages.problems(survey.problems.length)}
            kind="bad"
            findings={survey.problems}
            onLine={onLine}
          />
          <Findings
            title={messages.skipped(survey.skipped.length)}
            kind="warn"
            findings={survey.skipped}
            onLine={onLine}
          />
          <Findings
            title={messages.warnings(survey.warnings.length)}
            kind="warn"
            findings={survey.warnings}
            onLine={onLine}
          />
          {check?.problem != null && <p className={styles.problem}>{check.problem.message}</p>}
          {survey.isValid && check?.audience === null && (
            <p className={styles.hint}>{messages.needsAudience}</p>
          )}
        </div>
      )}
      {check?.preview != null && <Estimate preview={check.preview} isFree={isFree} />}
    </Section>
  );
}

function Findings({
  title,
  kind,
  findings,
  onLine,
}: {
  title: string;
  kind: 'bad' | 'warn';
  findings: readonly Finding[];
  onLine: (line: number) => void;
}) {
  const messages = useMessages('newSurvey');
  if (findings.length === 0) return null;
  return (
    <details open={kind === 'bad' || findings.length < 5}>
      <summary className={styles[kind]}>{title}</summary>
      <ul className={styles.list}>
        {withKeys(findings, ({ line, text }) => `${line} ${text}`).map(({ key, value: { line, text } }) => (
          <li key={key}>
            {line !== null && (
              <button type="button" className={styles.line} onClick={() => onLine(line)}>
                {messages.line(line)}
              </button>
            )}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Estimate({ preview, isFree }: { preview: Preview; isFree: boolean }) {
  const messages = useMessages('newSurvey');
  const format = useFormat();
  const range = ({ min, expected, max }: Preview['calls'], write: (value: number) => string): string =>
    min === max ? write(expected) : messages.range(write(expected), write(min), write(max));
  const { costUsd } = preview;
  const cost = isFree
    ? messages.free
    : costUsd === null
      ? messages.unknownCost
      : range(costUsd, (value) => format.usd(value));
  return (
    <>
      <h3>{messages.estimate}</h3>
      <Figures>
        <Figure name={messages.interviews}>{format.whole(preview.interviews)}</Figure>
        <Figure name={messages.calls}>{range(preview.calls, (value) => format.compact(value))}</Figure>
        <Figure name={messages.inputTokens}>
          {range(preview.inputTokens, (value) => format.compact(value))}
        </Figure>
        <Figure name={messages.outputTokens}>
          {range(preview.outputTokens, (value) => format.compact(value))}
        </Figure>
        <Figure name={messages.cost} isTotal>
          {cost}
        </Figure>
      </Figures>
      <details>
        <summary>{messages.firstPrompt}</summary>
        {withKeys(preview.firstPrompt, ({ role }) => role).map(({ key, value: { role, content } }) => (
          <div key={key} className={styles.prompt}>
            <h4>{role}</h4>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls by itself, with the keyboard too */}
            <pre tabIndex={0}>{content}</pre>
          </div>
        ))}
      </details>
    </>
  );
}
