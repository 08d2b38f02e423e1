import type { RunSpending, TaskLive, TaskView } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Figure, Figures } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { TaskProgress } from '../../task/task-progress.tsx';
import { isActive } from '../../task/task-state.ts';

/** How far the run is. Succeeded, failed, in flight and waiting are all of one moment: they add up to the total. */
export function ProgressSection({
  task,
  live,
  spending,
}: {
  task: TaskView;
  live: TaskLive | undefined;
  spending: RunSpending | null;
}) {
  const messages = useMessages('run');
  const format = useFormat();
  const progress = live !== undefined && live.task.revision >= task.revision ? live.progress : countsOf(task);
  const { total, done, failed, inFlight, waiting, ratePerSecond, secondsLeft } = progress;
  const isRunning = task.status === 'running';
  return (
    <Section title={messages.progress}>
      <TaskProgress
        total={total}
        succeeded={done}
        failed={failed}
        inFlight={inFlight}
        label={messages.progress}
      />
      <Figures>
        <Figure name={messages.succeeded}>{format.whole(done)}</Figure>
        <Figure name={messages.failed} tone={failed > 0 ? 'bad' : undefined}>
          {format.whole(failed)}
        </Figure>
        <Figure name={messages.inFlight}>{format.whole(inFlight)}</Figure>
        <Figure name={messages.waiting}>{format.whole(waiting)}</Figure>
        <Figure name={messages.total} isTotal>
          {format.whole(total)}
        </Figure>
      </Figures>
      <Figures>
        {isActive(task) && (
          <Figure name={messages.pace}>
            {ratePerSecond === null ? '–' : messages.perMinute(format.whole(ratePerSecond * 60))}
          </Figure>
        )}
        {isRunning && (
          <Figure name={messages.timeLeft}>
            {secondsLeft === null ? '–' : format.duration(secondsLeft * 1_000)}
          </Figure>
        )}
        <Spent task={task} spending={spending} />
      </Figures>
    </Section>
  );
}

/** Before the stream has said more: nothing is known to be in flight. */
function countsOf({ totalCount, successCount, failedCount }: TaskView): TaskLive['progress'] {
  return {
    total: totalCount,
    done: successCount,
    failed: failedCount,
    inFlight: 0,
    waiting: totalCount - successCount - failedCount,
    ratePerSecond: null,
    secondsLeft: null,
  };
}

function Spent({ task: { limits }, spending }: { task: TaskView; spending: RunSpending | null }) {
  const messages = useMessages('run');
  const format = useFormat();
  if (spending === null) return null;
  const { maxCostUsd = null, maxTokens = null } = limits ?? {};
  const { costUsd } = spending;
  const cost = costUsd === null ? messages.noPrice : format.usd(costUsd);
  const tokens = format.compact(spending.inputTokens + spending.outputTokens);
  return (
    <>
      <Figure name={messages.spent}>
        {maxCostUsd === null ? cost : messages.ofLimit(cost, format.usd(maxCostUsd))}
      </Figure>
      <Figure name={messages.tokens}>
        {maxTokens === null ? tokens : messages.ofLimit(tokens, format.compact(maxTokens))}
      </Figure>
    </>
  );
}
