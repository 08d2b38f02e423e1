import { isActive, type TaskRecord, type TaskSummary, ToolkitError } from '@panelist/toolkit';
import { batchGenerateResponses, liveStep } from '../../focus-group/batch-generate-responses.ts';
import { inLanguageOf } from '../../focus-group/guide/group-of-guide.ts';
import { runOpenedGroup } from '../../focus-group/run-focus-group.ts';
import { findThemes } from '../../focus-group/turns/find-themes.ts';
import { retryFailedReplies } from '../../focus-group/turns/retry-failed-replies.ts';
import { runPoll } from '../../focus-group/turns/run-poll.ts';
import { GroupStopped, TurnRunner, type TurnWatch } from '../../focus-group/turns/run-turn.ts';
import { takeBackMessage } from '../../focus-group/turns/take-back-message.ts';
import { PanelistError } from '../../panelist-error.ts';
import { importSurvey } from '../../survey/import/import-surveyjs.ts';
import type { Workspace } from '../open-workspace.ts';
import { GroupRequests } from './group-requests.ts';
import type { HostRequest } from './group-state.ts';
import { openedGroup } from './read-groups.ts';
import { groupTasks } from './turn-rows.ts';

type HostWorkspace = Pick<Workspace, 'tasks' | 'runner'>;

/** The guide has a lane of its own: what a host says is said between two of its turns. */
type Lane = 'guide' | 'live';

/**
 * Does in this process what hosts ask of one group. Each request is stored before it is acknowledged, so that a process
 * that is started later goes on with it (`goOn`); its turns are done once, whichever process does them.
 */
export class GroupHost {
  readonly requests: GroupRequests;
  readonly #workspace: HostWorkspace;
  readonly #focusGroupId: string;
  readonly #lanes = new Map<Lane, Promise<void>>();
  #abort = new AbortController();
  /** This process ends, or can write no more: another goes on. */
  #isOver = false;
  /** The request that the live lane does, and whether its turn has begun. */
  #doing: { readonly id: string; readonly abort: AbortController; hasBegun: boolean } | undefined;

  constructor(workspace: HostWorkspace, focusGroupId: string) {
    this.#workspace = workspace;
    this.#focusGroupId = focusGroupId;
    this.requests = new GroupRequests(workspace.tasks, focusGroupId);
  }

  get isIdle(): boolean {
    return this.#lanes.size === 0;
  }

  /** Resolves when nothing is left to do, or the group was paused. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.#lanes.values());
  }

  /** Does what is asked for, unless the group is paused. */
  async goOn(): Promise<void> {
    const { requests, stop } = await this.requests.read();
    if (stop !== null || this.#isOver) return;
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
    // It has ended its process: it is resumed by hand only.
    if ((await this.#turnUnderWay())?.settings.quarantined === true) return;
    const lanes = requests.map(laneOf);
    if (requests.length === 0) await this.#goOnWithTurn();
    for (const lane of ['live', 'guide'] as const)
      if (lanes.includes(lane) && !this.#lanes.has(lane)) this.#begin(lane);
  }

  /** Starts nothing more; replies in flight are still recorded. */
  async pause(): Promise<void> {
    await this.requests.change((state) => ({ ...state, stop: { by: 'host', reason: '', code: null } }));
    this.#abort.abort();
    const turn = await this.#turnUnderWay();
    // It resolves when what is in flight is recorded.
    if (turn?.status === 'running') this.#workspace.runner.pause(turn.taskId).catch(() => {});
  }

  async resume(): Promise<void> {
    await this.requests.change((state) => ({ ...state, stop: null }));
    const turn = await this.#turnUnderWay();
    if (turn !== undefined) {
      const { runner, tasks } = this.#workspace;
      if (turn.settings.quarantined === true) await tasks.configureTask(turn.taskId, { quarantined: null });
      await runner.resume(turn.taskId);
    }
    await this.goOn();
  }

  /** Ends the turn that is under way, and forgets what else was asked for. What was said before stays. */
  async cancel(): Promise<void> {
    await this.requests.change(() => ({ requests: [], stop: null }));
    this.#abort.abort();
    const turn = await this.#turnUnderWay();
    if (turn !== undefined) await this.#workspace.runner.cancel(turn.taskId);
    await this.idle();
  }

  /**
   * Takes back a message: one that waits, or one that nobody has answered.
   *
   * @throws PanelistError `USAGE` where somebody has answered, or there is no such message
   */
  async takeBack(id: string): Promise<void> {
    const doing = this.#doing?.id === id ? this.#doing : undefined;
    if (doing?.hasBegun !== true) {
      const { requests } = await this.requests.read();
      const isWaiting = requests.some((request) => request.id === id);
      if (isWaiting) {
        await this.requests.remove({ id });
        doing?.abort.abort();
        // Its turn may begin at this moment.
        if (this.#doing?.hasBegun !== true || this.#doing.id !== id) return;
      }
    }
    await takeBackMessage(this.#workspace.runner, this.#focusGroupId, liveStep('said', id));
  }

  #begin(lane: Lane): void {
    const work = this.#work(lane, this.#abort.signal)
      .catch((error: unknown) => this.#stop(error))
      .finally(() => this.#lanes.delete(lane))
      // What was asked for at the last moment, and where the group was paused and resumed meanwhile.
      .then(() => this.goOn())
      .catch(() => {});
    this.#lanes.set(lane, work);
  }

  /** Ends when nothing is left to do in the lane, or the group is stopped. */
  async #work(lane: Lane, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#isOver) {
      const { requests, stop } = await this.requests.read();
      const next = requests.find((request) => laneOf(request) === lane);
      if (stop !== null || next === undefined || !(await this.#do(next, signal))) return;
      await this.requests.remove(next);
    }
  }

  /** @returns whether it has ended, so that it is not to be done again */
  async #do(request: HostRequest, signal: AbortSignal): Promise<boolean> {
    const abort = new AbortController();
    const doing = { id: request.id, abort, hasBegun: false };
    if (laneOf(request) === 'live') this.#doing = doing;
    const watch: TurnWatch = {
      signal: AbortSignal.any([signal, abort.signal]),
      onTurn: (task) => {
        doing.hasBegun ||= isTurnOf(task, request);
      },
      beforeTurn: laneOf(request) === 'guide' ? () => this.#liveLaneEnded(signal) : undefined,
    };
    try {
      // Taken back, by whichever process, it isn't said again.
      if (!(await this.requests.wasTaken(request))) await this.#run(request, watch);
      return true;
    } catch (error) {
      if (abort.signal.aborted) return true;
      this.#isOver ||= isEnding(error);
      if (signal.aborted || this.#isOver) return false;
      if (error instanceof GroupStopped && error.task.status === 'cancelled') return true;
      await this.#stop(error);
      return false;
    } finally {
      if (this.#doing === doing) this.#doing = undefined;
    }
  }

  async #run(request: HostRequest, watch: TurnWatch): Promise<void> {
    const { runner, tasks } = this.#workspace;
    const focusGroupId = this.#focusGroupId;
    switch (request.kind) {
      case 'guide': {
        const { pollLocale: locale } = request;
        const pollOptions = locale === null ? undefined : { locale };
        await runOpenedGroup({ runner, focusGroupId, pollOptions, ...watch });
        return;
      }
      case 'say': {
        const { id: messageId, message, to, stimulus, mode, replyWords } = request;
        const asked = { stimulus: stimulus ?? undefined, mode, replyWords: replyWords ?? undefined };
        await batchGenerateResponses(focusGroupId, to, message, { runner, messageId, ...asked, ...watch });
        return;
      }
      case 'poll': {
        const { id, survey, locale } = request;
        const { language } = await openedGroup(tasks, focusGroupId);
        const { questionnaire } = importSurvey(survey, locale === null ? {} : { locale });
        const asked = locale === null ? inLanguageOf(questionnaire, survey, language) : questionnaire;
        const turns = new TurnRunner(runner, focusGroupId, watch);
        await runPoll(turns, liveStep('poll', id), { questionnaire: asked, poll: 'live' });
        return;
      }
      case 'retry-failed':
        await retryFailedReplies(runner, focusGroupId, watch);
        return;
      case 'themes': {
        const { model, baseUrl } = request;
        await findThemes(runner, focusGroupId, model === null ? watch : { model, baseUrl, ...watch });
        return;
      }
    }
  }

  async #liveLaneEnded(signal: AbortSignal): Promise<void> {
    for (let live = this.#lanes.get('live'); live !== undefined && !signal.aborted; ) {
      await live;
      live = this.#lanes.get('live');
    }
  }

  /** Nothing goes on by itself: by a pause, a limit, a provider that failed for everybody, or a fault. */
  async #stop(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const code = error instanceof PanelistError || error instanceof ToolkitError ? error.code : null;
    try {
      await this.requests.change((state) => ({ ...state, stop: state.stop ?? { by: 'run', reason, code } }));
    } catch {
      // The database is gone. A process that can open it goes on.
      this.#isOver = true;
    }
    this.#abort.abort();
  }

  /** A turn that was interrupted, such as one that another program had begun. */
  async #goOnWithTurn(): Promise<void> {
    const turn = await this.#turnUnderWay();
    if (turn !== undefined && turn.status !== 'paused') await this.#workspace.runner.resume(turn.taskId);
  }

  async #turnUnderWay(): Promise<TaskSummary | undefined> {
    const tasks = await groupTasks(this.#workspace.tasks, this.#focusGroupId);
    return tasks.find(({ status }) => isActive(status));
  }
}

function laneOf({ kind }: HostRequest): Lane {
  return kind === 'guide' ? 'guide' : 'live';
}

function isTurnOf({ taskParams }: TaskRecord, { id }: HostRequest): boolean {
  return (taskParams as { readonly step?: unknown } | null)?.step === `said-${id}`;
}

function isEnding(error: unknown): boolean {
  if (error instanceof GroupStopped) return error.task.status === 'running';
  return error instanceof ToolkitError && error.code === 'RUNNER_CLOSED';
}

const hosts = new WeakMap<HostWorkspace, Map<string, GroupHost>>();

/** The host of a group in this process. */
export function hostOf(workspace: HostWorkspace, focusGroupId: string): GroupHost {
  const known = hosts.get(workspace) ?? new Map<string, GroupHost>();
  hosts.set(workspace, known);
  const host = known.get(focusGroupId) ?? new GroupHost(workspace, focusGroupId);
  known.set(focusGroupId, host);
  return host;
}
