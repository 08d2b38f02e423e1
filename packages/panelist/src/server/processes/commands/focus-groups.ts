import { participantIds, readAddressees } from '../../../application/focus-groups/addressees.ts';
import { deleteGroup } from '../../../application/focus-groups/delete-group.ts';
import { checkMessage } from '../../../application/focus-groups/group-actions.ts';
import type { HostRequest } from '../../../application/focus-groups/group-state.ts';
import { hostOf } from '../../../application/focus-groups/host-group.ts';
import { openedGroup } from '../../../application/focus-groups/read-groups.ts';
import type { Workspace } from '../../../application/open-workspace.ts';
import { changeGroupLimits } from '../../../application/runs/change-limits.ts';
import type { RunLimits } from '../../../application/runs/run-limits.ts';
import type { RoundMode } from '../../../focus-group/guide/guide.ts';
import { HOSTED } from '../hosted-task.ts';

export interface OfGroup {
  readonly focusGroupId: string;
}

export interface SayInput extends OfGroup {
  readonly messageId: string;
  readonly message: string;
  /** Names or ids; where it is left out, `@Name …` at the beginning of the message counts. */
  readonly to?: readonly string[] | undefined;
  readonly stimulus?: string | undefined;
  readonly mode?: RoundMode | undefined;
  readonly replyWords?: number | undefined;
}

export interface PollInput extends OfGroup {
  readonly pollId: string;
  readonly title: string;
  /** A SurveyJS survey that was checked. */
  readonly survey: Extract<HostRequest, { kind: 'poll' }>['survey'];
  readonly locale: string | null;
}

/** Whether the request is new: the same one is done once. */
export interface Requested {
  readonly isNew: boolean;
}

/** What is asked of focus groups. Each command ends when the request is stored; its turns show in the live events. */
export const groupCommands = {
  /** Goes on with what was asked before, by this process or one that has ended. */
  async continueGroup(workspace: Workspace, { focusGroupId }: OfGroup): Promise<void> {
    await hostOf(workspace, focusGroupId).goOn();
  },

  /** Runs the rest of the guide. */
  async runGuide(workspace: Workspace, { focusGroupId }: OfGroup): Promise<Requested> {
    return request(workspace, focusGroupId, { kind: 'guide', id: 'guide', pollLocale: null });
  },

  async sayInGroup(
    workspace: Workspace,
    { focusGroupId, messageId: id, message: text, to: names, stimulus, mode, replyWords }: SayInput,
  ): Promise<Requested> {
    const group = await openedGroup(workspace.tasks, focusGroupId);
    const { to, message } =
      names === undefined
        ? readAddressees(group, text.trim())
        : { to: names.length === 0 ? ('all' as const) : participantIds(group, names), message: text };
    return request(workspace, focusGroupId, {
      ...{ kind: 'say', id, message: checkMessage(message), to },
      ...{ stimulus: stimulus ?? null, mode: mode ?? 'simultaneous', replyWords: replyWords ?? null },
    });
  },

  async takeBackInGroup(
    workspace: Workspace,
    { focusGroupId, messageId }: OfGroup & { readonly messageId: string },
  ): Promise<void> {
    await hostOf(workspace, focusGroupId).takeBack(messageId);
  },

  async pollGroup(
    workspace: Workspace,
    { focusGroupId, pollId: id, title, survey, locale }: PollInput,
  ): Promise<Requested> {
    return request(workspace, focusGroupId, { kind: 'poll', id, title, survey, locale });
  },

  async retryFailedInGroup(workspace: Workspace, { focusGroupId }: OfGroup): Promise<Requested> {
    return request(workspace, focusGroupId, { kind: 'retry-failed', id: 'retry-failed' });
  },

  async findThemesInGroup(
    workspace: Workspace,
    {
      focusGroupId,
      model,
      baseUrl,
    }: OfGroup & { readonly model: string | null; readonly baseUrl: string | null },
  ): Promise<Requested> {
    if (model !== null) await workspace.checkModel({ model, baseUrl });
    return request(workspace, focusGroupId, { kind: 'themes', id: 'themes', model, baseUrl });
  },

  async pauseGroup(workspace: Workspace, { focusGroupId }: OfGroup): Promise<void> {
    await hostOf(workspace, focusGroupId).pause();
  },

  async resumeGroup(workspace: Workspace, { focusGroupId }: OfGroup): Promise<void> {
    await workspace.checkModel(await openedGroup(workspace.tasks, focusGroupId));
    await hostOf(workspace, focusGroupId).resume();
  },

  async cancelGroup(workspace: Workspace, { focusGroupId }: OfGroup): Promise<void> {
    await hostOf(workspace, focusGroupId).cancel();
  },

  async changeGroupLimits(
    workspace: Workspace,
    { focusGroupId, limits }: OfGroup & { readonly limits: RunLimits },
  ): Promise<void> {
    await openedGroup(workspace.tasks, focusGroupId);
    await changeGroupLimits(workspace, focusGroupId, limits);
  },

  async deleteGroup({ tasks }: Workspace, { focusGroupId }: OfGroup): Promise<void> {
    await deleteGroup(tasks, focusGroupId);
  },
};

/** @throws PanelistError as the request itself would where the model cannot be asked: `API_KEY_MISSING` … */
async function request(workspace: Workspace, focusGroupId: string, request: HostRequest): Promise<Requested> {
  await workspace.checkModel(await openedGroup(workspace.tasks, focusGroupId));
  const host = hostOf(workspace, focusGroupId);
  const isNew = await host.requests.add(request, HOSTED);
  await host.goOn();
  return { isNew };
}
