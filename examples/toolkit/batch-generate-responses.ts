/**
 * The guide's second combined example: a host says something and every participant of a focus group replies. The failure
 * of one does not affect the others. Run it: `node examples/toolkit/batch-generate-responses.ts`.
 */
import { ConcurrencyManager, ErrorHandler, getTaskManager, type TaskJson } from '@panelist/toolkit';

export type GenerateResponse = (
  participantId: number,
  hostMessage: string,
  signal: AbortSignal,
) => Promise<string>;

export async function batchGenerateResponses(
  focusGroupId: string,
  participantIds: readonly number[],
  hostMessage: string,
  aiGenerateResponse: GenerateResponse,
  errorHandler: ErrorHandler = new ErrorHandler({ maxRetries: 3, exponentialBackoff: true }),
): Promise<TaskJson> {
  const concurrency = ConcurrencyManager.forFocusGroup();
  const taskManager = getTaskManager();

  const { task, isNew } = await taskManager.getOrCreateTask({
    taskKey: `fg_${focusGroupId}`,
    taskParams: { focusGroupId, participantIds, hostMessage },
    totalCount: participantIds.length,
  });
  if (!isNew) return task.toJSON();

  await taskManager.startTask(task.taskId);

  const generateResponse = async (participantId: number, signal: AbortSignal): Promise<void> => {
    try {
      const content = await errorHandler.withRetry(
        (attempt) => aiGenerateResponse(participantId, hostMessage, attempt.signal),
        { signal },
      );
      await taskManager.updateProgress(task.taskId, { result: { participantId, content }, success: true });
    } catch (error) {
      await taskManager.updateProgress(task.taskId, {
        result: { participantId, error: String(error) },
        success: false,
      });
    }
  };

  await concurrency.executeBatchWithIsolation(
    participantIds.map(
      (participantId) =>
        ({ signal }) =>
          generateResponse(participantId, signal),
    ),
    { maxConcurrency: 50 },
  );
  await taskManager.completeTask(task.taskId, { success: true });
  return task.toJSON();
}

if (import.meta.main) {
  const group = await batchGenerateResponses(
    '123',
    [1, 2, 3],
    'What do you make of the new packaging?',
    async (participantId) => {
      if (participantId === 2) throw new Error('participant 2 has left the room');
      return `Participant ${participantId} likes it.`;
    },
    new ErrorHandler({ maxRetries: 3, retryDelayMs: 10 }),
  );
  console.log(JSON.stringify(group, null, 2));
}
