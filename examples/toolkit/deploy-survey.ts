/**
 * The guide's first combined example: a survey is sent to many people, with bounded concurrency and retries. A second press
 * of the button joins the running task. Run it: `node examples/toolkit/deploy-survey.ts`.
 */
import { ConcurrencyManager, ErrorHandler, getTaskManager } from '@panelist/toolkit';

export type SendSurvey = (surveyId: string, audienceId: number, signal: AbortSignal) => Promise<string>;

export async function deploySurvey(
  surveyId: string,
  audienceIds: readonly number[],
  sendSurvey: SendSurvey,
): Promise<{ taskId: string; isNew: boolean }> {
  const concurrency = ConcurrencyManager.forSurvey();
  const errorHandler = new ErrorHandler({ maxRetries: 3 });
  const taskManager = getTaskManager();

  const { task, isNew } = await taskManager.getOrCreateTask({
    taskKey: `survey_${surveyId}`,
    taskParams: { surveyId, audienceIds },
    totalCount: audienceIds.length,
  });
  if (!isNew) return { taskId: task.taskId, isNew };

  await taskManager.startTask(task.taskId);

  const deployToAudience = async (audienceId: number, signal: AbortSignal): Promise<string> => {
    const result = await errorHandler.withRetry(
      (attempt) => sendSurvey(surveyId, audienceId, attempt.signal),
      { signal },
    );
    await taskManager.updateProgress(task.taskId, {
      result: { audienceId, status: 'ok' },
      success: true,
    });
    return result;
  };

  try {
    await concurrency.executeBatch(
      audienceIds.map(
        (audienceId) =>
          ({ signal }) =>
            deployToAudience(audienceId, signal),
      ),
      { maxConcurrency: 100 },
    );
    await taskManager.completeTask(task.taskId, { success: true });
  } catch (error) {
    // The guide leaves the task running when a batch fails, so that it could not be submitted again.
    await taskManager.completeTask(task.taskId, { success: false, errorMessage: String(error) });
    throw error;
  }
  return { taskId: task.taskId, isNew };
}

if (import.meta.main) {
  const audience = Array.from({ length: 250 }, (_, index) => index + 1);
  const send: SendSurvey = async (surveyId, audienceId) => `${surveyId} sent to ${audienceId}`;
  const [first, second] = await Promise.all([
    deploySurvey('coffee', audience, send),
    deploySurvey('coffee', audience, send),
  ]);
  console.log('first press ', first);
  console.log('second press', second);
  const task = await getTaskManager().getTask(first.taskId);
  console.log(`${task?.completedCount} of ${task?.totalCount} sent: ${task?.progressPercentage} %`);
}
