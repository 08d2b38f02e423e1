import { workerData } from 'node:worker_threads';
import type { TranscriptFormat } from '../../../analysis/focus-group/export/export-transcript.ts';
import {
  checkGroup,
  type GroupCheck,
  type GroupDraft,
} from '../../../application/focus-groups/check-group.ts';
import {
  createGroup,
  type NewGroupFiles,
  type OpenGroupOptions,
  readNewGroup,
} from '../../../application/focus-groups/create-group.ts';
import {
  type GroupResults,
  groupReportFile,
  groupResults,
  transcriptFile,
} from '../../../application/focus-groups/group-results.ts';
import { type GroupPage, listGroupPage } from '../../../application/focus-groups/list-groups.ts';
import { readPoll } from '../../../application/focus-groups/read-poll.ts';
import {
  type GroupDetail,
  groupTurnsPage,
  showGroup,
  type TurnsPage,
} from '../../../application/focus-groups/show-group.ts';
import { groupTasks } from '../../../application/focus-groups/turn-rows.ts';
import { type RunSpending, runSpending } from '../../../application/runs/stored-spending.ts';
import { warningTexts } from '../../../application/surveys/read-survey.ts';
import type { InputFile } from '../../../files/input-file.ts';
import type { OfGroup, PollInput } from '../../processes/commands/focus-groups.ts';
import type { ThreadData } from '../messages.ts';
import type { ThreadDatabase } from '../thread-job.ts';

export const groupJobs = {
  async checkGroup(_open: ThreadDatabase, { draft }: { readonly draft: GroupDraft }): Promise<GroupCheck> {
    return checkGroup(draft, { prices: (workerData as ThreadData).prices });
  },

  /** Opens the group: strangers' files are read here, and asked about elsewhere. */
  async createGroup(
    open: ThreadDatabase,
    {
      files,
      options,
      offered,
    }: {
      readonly files: NewGroupFiles;
      readonly options: OpenGroupOptions;
      /** The models that the operator offers at the address of the group's. */
      readonly offered: readonly string[];
    },
  ): Promise<{ readonly isNew: boolean; readonly notOffered: string | null }> {
    const { group } = await readNewGroup(files);
    const leads = group.guide?.moderator?.model ?? group.model;
    if (!offered.includes(leads)) return { isNew: false, notOffered: leads };
    const { tasks } = await open();
    return { ...(await createGroup(tasks, group, options)), notOffered: null };
  },

  /** Checks a survey that is to be asked in a group. */
  async readPoll(
    _open: ThreadDatabase,
    { file, locale }: { readonly file: InputFile; readonly locale: string | undefined },
  ): Promise<Pick<PollInput, 'title' | 'survey'> & { readonly warnings: readonly string[] }> {
    const poll = await readPoll(file, { locale });
    const survey = poll.json as PollInput['survey'];
    return { title: poll.questionnaire.title, survey, warnings: warningTexts(poll) };
  },

  async groupPage(
    open: ThreadDatabase,
    { after, limit }: { readonly after: string | undefined; readonly limit: number },
  ): Promise<GroupPage> {
    return listGroupPage((await open()).tasks, { after, limit }, Date.now());
  },

  /** With what all its turns have spent, in any process: those that were cancelled, too. */
  async showGroup(
    open: ThreadDatabase,
    { focusGroupId }: OfGroup,
  ): Promise<GroupDetail & { readonly spending: RunSpending }> {
    const workspace = await open();
    const group = await showGroup(workspace.tasks, focusGroupId, Date.now());
    // The opening asks nothing, and has no model of its own.
    const asking = (await groupTasks(workspace.tasks, focusGroupId, ['model'])).flatMap(
      ({ taskId, params: { model } }) => (typeof model === 'string' ? [{ taskId, model }] : []),
    );
    return { ...group, spending: await runSpending(workspace, asking) };
  },

  async groupTurns(
    open: ThreadDatabase,
    { focusGroupId, ...request }: OfGroup & { readonly before: number | undefined; readonly limit: number },
  ): Promise<TurnsPage> {
    return groupTurnsPage((await open()).tasks, focusGroupId, request, Date.now());
  },

  async groupResults(open: ThreadDatabase, { focusGroupId }: OfGroup): Promise<GroupResults> {
    return groupResults(await open(), focusGroupId);
  },

  async *transcriptFile(
    open: ThreadDatabase,
    { focusGroupId, format }: OfGroup & { readonly format: TranscriptFormat },
  ): AsyncGenerator<string> {
    yield await transcriptFile(await open(), focusGroupId, format);
  },

  async *groupReport(open: ThreadDatabase, { focusGroupId }: OfGroup): AsyncGenerator<string> {
    yield* groupReportFile(await open(), focusGroupId);
  },
};
