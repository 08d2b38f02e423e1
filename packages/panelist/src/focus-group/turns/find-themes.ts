import type { JobRunner } from '@panelist/toolkit';
import { callSettings, THEMES_JOB, type TurnPosition } from '../group.ts';
import { readGroup } from '../history.ts';
import { transcriptOf } from '../transcript.ts';
import { GroupStopped, TurnRunner, type TurnWatch } from './run-turn.ts';
import { THEMES } from './stored-turns.ts';
import type { FoundThemes, ThemesParams } from './themes-job.ts';

/**
 * Has a model find the themes of all that was said so far. Called again before anything else is said, it returns what was
 * found, and makes no call.
 *
 * @throws PanelistError `GROUP_NOT_FOUND`
 * @throws GroupStopped when it was stopped, or no reply could be used
 */
export async function findThemes(
  runner: JobRunner,
  focusGroupId: string,
  {
    model,
    baseUrl,
    ...watch
  }: TurnWatch & {
    /** `provider/model`. @default the group's */
    readonly model?: string | undefined;
    /** Where that is served; `null` for the vendor's own address. @default the group's, for the group's model */
    readonly baseUrl?: string | null | undefined;
  } = {},
): Promise<FoundThemes & { readonly model: string }> {
  const { tasks } = runner;
  const { group, ...history } = await readGroup(tasks, focusGroupId);
  const { rounds } = await transcriptOf(tasks, { group, ...history });
  const said = rounds.map(({ round, message, replies }) => ({
    round,
    host: message,
    replies: replies.flatMap((reply) =>
      reply.status === 'replied'
        ? [{ participantId: reply.participantId, name: reply.name, text: reply.text }]
        : [],
    ),
  }));
  const count = said.reduce((sum, { replies }) => sum + replies.length, 0);
  const asked = model ?? group.model;
  const step = `themes-of-${count}-replies-by-${asked}`;
  const params: Omit<ThemesParams, keyof TurnPosition> = {
    ...callSettings(group),
    model: asked,
    baseUrl: baseUrl === undefined && asked === group.model ? group.baseUrl : (baseUrl ?? null),
    title: group.title,
    language: group.language,
    rounds: said,
  };
  const plan = () => ({ step, job: THEMES_JOB, params, items: [{ key: 'themes', input: 'themes' }] });
  const turns = new TurnRunner(runner, focusGroupId, watch);
  const { turn, how } = await turns.run(step, plan);
  const task = turn.task.status === 'failed' && how === 'found' ? await turns.retry(turn.task) : turn.task;
  for await (const record of tasks.items(task.taskId)) {
    const { status, result } = THEMES.item(task.taskId, record);
    if (status === 'succeeded') return { ...result.value, model: asked };
  }
  throw new GroupStopped(task);
}
