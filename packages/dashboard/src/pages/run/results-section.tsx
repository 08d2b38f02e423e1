import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { SurveyOfTask, TaskView } from '../../api/types.ts';
import { useFreshResults } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Section } from '../../parts/page.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import { summaryQuery } from '../../task/task-queries.ts';
import { QuestionCard } from './question-card.tsx';
import styles from './results-section.module.css';

const route = getRouteApi('/tasks/$taskId');
/** A summary goes through all answers. */
const EVERY_MS = 2_000;

/** Each question's distribution, of everybody or by a column of the audience. */
export function ResultsSection({ task, survey }: { task: TaskView; survey: SurveyOfTask }) {
  const messages = useMessages('run');
  const format = useFormat();
  const { by } = route.useSearch();
  const { taskId } = task;
  const hasResults = task.successCount > 0;
  const query = useQuery({ ...summaryQuery(taskId, by), enabled: hasResults });
  useFreshResults(taskId, [['task', taskId, 'summary']], EVERY_MS);
  const summary = query.data;
  const tables = new Map(summary?.crossTables[0]?.tables.map((table) => [table.name, table]));
  return (
    <Section title={messages.results} actions={<GroupBy columns={survey.personaColumns} />}>
      {!hasResults && <p className={styles.note}>{messages.resultsEmpty}</p>}
      {hasResults && query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {summary !== undefined && (
        <>
          <p className={styles.note}>
            <SyntheticLabel />
            <span>{messages.base(format.whole(summary.interviews), format.whole(summary.respondents))}</span>
            {summary.isWeighted && <span>{messages.effective(format.whole(summary.effectiveN))}</span>}
            <span>{messages.intervalNote}</span>
          </p>
          <div className={styles.cards} data-grouped={by !== undefined || undefined}>
            {summary.questions.map((question) => (
              <QuestionCard
                key={question.name}
                question={question}
                crossTable={tables.get(question.name) ?? null}
                language={survey.language}
              />
            ))}
          </div>
        </>
      )}
    </Section>
  );
}

function GroupBy({ columns }: { columns: readonly string[] }) {
  const messages = useMessages('run');
  const { by } = route.useSearch();
  const navigate = route.useNavigate();
  if (columns.length === 0) return null;
  return (
    <label className={styles.by}>
      {messages.groupBy}
      <select
        value={by ?? ''}
        onChange={({ target }) =>
          void navigate({ search: { by: target.value || undefined }, replace: true, resetScroll: false })
        }
      >
        <option value="">{messages.noGroup}</option>
        {columns.map((column) => (
          <option key={column} value={column}>
            {column}
          </option>
        ))}
      </select>
    </label>
  );
}
