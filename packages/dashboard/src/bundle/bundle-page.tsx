import { Link } from '@tanstack/react-router';
import { useFormat, useMessages } from '../messages/language-provider.tsx';
import { ResultsSection } from '../pages/run/results-section.tsx';
import { buttonClass } from '../parts/button.tsx';
import { Figure, Figures } from '../parts/figures.tsx';
import { Page, Section } from '../parts/page.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { SyntheticLabel } from '../parts/synthetic-label.tsx';
import type { BundleRun } from './bundle-data.ts';
import styles from './bundle-page.module.css';

/** What a run is, its figures and its files. */
export function BundlePage({ run }: { run: BundleRun }) {
  const messages = useMessages('run');
  const texts = useMessages('bundle');
  const format = useFormat();
  const { task, survey, files, writtenAt, version } = run;
  return (
    <Page
      title={task.title}
      eyebrow={
        <span className={styles.facts}>
          <StatusBadge status={task.status} /> <SyntheticLabel />
          <span>{messages.details(survey.survey, survey.audience)}</span>
          {task.model !== null && <span>{task.model}</span>}
          <code>{task.taskId}</code>
        </span>
      }
      actions={
        <Link to="/tasks/$taskId/answers" params={{ taskId: task.taskId }} className={buttonClass('primary')}>
          {messages.answers}
        </Link>
      }
    >
      <p className={styles.note}>{texts.written(format.dateTime(writtenAt), version)}</p>
      <Section title={messages.progress}>
        <Figures>
          <Figure name={messages.succeeded} tone="good">
            {format.whole(task.successCount)}
          </Figure>
          <Figure name={messages.failed} tone={task.failedCount > 0 ? 'bad' : undefined}>
            {format.whole(task.failedCount)}
          </Figure>
          <Figure name={messages.total} isTotal>
            {format.whole(task.totalCount)}
          </Figure>
        </Figures>
      </Section>
      <ResultsSection task={task} survey={survey} />
      <Section title={messages.downloads}>
        <p className={styles.facts}>
          {files.map((file) => (
            <a key={file} href={`files/${file}`} className={buttonClass()}>
              {file}
            </a>
          ))}
        </p>
      </Section>
    </Page>
  );
}
