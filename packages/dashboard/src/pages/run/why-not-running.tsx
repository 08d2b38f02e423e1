import type { RunSpending, TaskLive, TaskView } from '../../api/types.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Notice } from '../../parts/notice.tsx';

/** Why a task that isn't finished does not go on, and what to do. */
export function WhyNotRunning({
  task,
  live,
  spending,
}: {
  task: TaskView;
  live: TaskLive | undefined;
  spending: RunSpending | null;
}) {
  const messages = useMessages('run');
  const { status, errorMessage, isQuarantined } = task;
  const exhausted = live?.exhausted ?? exhaustedBy(task, spending);
  const isFailed = status === 'failed';
  if (isQuarantined && status !== 'running') return <Notice kind="bad">{messages.quarantined}</Notice>;
  if (live?.fault != null) return <Notice kind="bad">{live.fault}</Notice>;
  if (status === 'interrupted')
    return <Notice kind="warn">{task.isHosted ? messages.resumesItself : messages.interruptedBody}</Notice>;
  if (status !== 'paused' && !isFailed) return null;
  return (
    <Notice kind={isFailed ? 'bad' : 'warn'}>
      {errorMessage !== null && <p>{errorMessage}</p>}
      {exhausted !== null && !isFailed && <p>{messages.exhausted[exhausted]}</p>}
      {errorMessage === null && exhausted === null && <p>{messages.pausedTitle}</p>}
    </Notice>
  );
}

/** Which limit a task has used up. The process that ran it knows, and may be gone. */
function exhaustedBy({ limits }: TaskView, spending: RunSpending | null): 'cost' | 'tokens' | null {
  if (spending === null || limits === null) return null;
  const { maxCostUsd, maxTokens } = limits;
  if (maxTokens != null && spending.inputTokens + spending.outputTokens >= maxTokens) return 'tokens';
  return maxCostUsd != null && spending.costUsd !== null && spending.costUsd >= maxCostUsd ? 'cost' : null;
}
