import { useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Section } from '../../parts/page.tsx';
import styles from './downloads-section.module.css';

/** What the server offers of a run, in the order of the page. */
const files = [
  'answers.csv',
  'answers-long.csv',
  'answers.jsonl',
  'answers.parquet',
  'calls.csv',
  'codebook.csv',
  'methods.md',
  'report.html',
] as const;

/** The server streams each file as an attachment. */
export function DownloadsSection({ taskId }: { taskId: string }) {
  const messages = useMessages('run');
  return (
    <Section title={messages.downloads}>
      <p className={styles.files}>
        {files.map((file) => (
          <a
            key={file}
            href={`/api/tasks/${encodeURIComponent(taskId)}/downloads/${file}`}
            download
            className={buttonClass()}
          >
            {file}
          </a>
        ))}
      </p>
      <p className={styles.hint}>{messages.downloadHint}</p>
    </Section>
  );
}
