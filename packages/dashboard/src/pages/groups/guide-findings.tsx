import type { GroupCheck } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import styles from './guide-findings.module.css';

type Check = GroupCheck['guide'];

/** What is wrong with a guide, each with its line. */
export function GuideFindings({
  check,
  isChecking,
  onLine,
}: {
  check: Check | undefined;
  isChecking: boolean;
  /** Goes there. */
  onLine: (line: number) => void;
}) {
  const messages = useMessages('groups');
  if (check === undefined) return <p className={styles.soft}>{isChecking ? messages.checking : ''}</p>;
  const { problems, warnings } = check;
  return (
    <div className={styles.findings}>
      <p role="status" data-kind={problems.length > 0 ? 'bad' : 'good'} className={styles.summary}>
        {problems.length > 0 ? messages.problems(problems.length) : messages.noProblems}
        {warnings.length > 0 && ` ${messages.warnings(warnings.length)}`}
      </p>
      <ul>
        {[...problems, ...warnings].map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings have no names, and are replaced together
          <Finding key={index} finding={finding} onLine={onLine} />
        ))}
      </ul>
    </div>
  );
}

function Finding({
  finding: { line, path, text },
  onLine,
}: {
  finding: Check['problems'][number];
  onLine: (line: number) => void;
}) {
  const messages = useMessages('groups');
  const format = useFormat();
  return (
    <li>
      {line !== null && (
        <Button kind="quiet" onClick={() => onLine(line)}>
          {messages.line(format.whole(line))}
        </Button>
      )}
      <span className={styles.text}>
        {path !== null && <code>{path}</code>} {text}
      </span>
    </li>
  );
}
