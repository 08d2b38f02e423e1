import { type Clock, sleep, systemClock, type TaskRecord, type TaskResult } from '@panelist/toolkit';
import { roundLines, saidLine } from '../analysis/focus-group/export/transcript-lines.ts';
import { transcriptTexts } from '../analysis/focus-group/export/transcript-texts.ts';
import type { Workspace } from '../application/open-workspace.ts';
import { asked, readGroup } from '../focus-group/group-history.ts';
import {
  MODERATION_JOB,
  OPENING_JOB,
  ROUND_JOB,
  SUMMARY_JOB,
  THEMES_JOB,
} from '../focus-group/group-turn.ts';
import { replyIn, roundParamsOf } from '../focus-group/stored-turns.ts';
import { storedFailure } from '../stored/stored-row.ts';
import { ProgressMeter, progressBar } from './render/progress.ts';
import { taskMessages } from './render/task-messages.ts';
import type { Terminal } from './terminal.ts';

const LOOK_MS = 150;

/**
 * Shows what is said in a group while it is said: each reply as it comes, whichever process it comes to. In a
 * transcript the replies of a round stand in the order of its speakers.
 */
export class LiveTalk {
  readonly #workspace: Workspace;
  readonly #focusGroupId: string;
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #turns: TaskRecord[] = [];
  #meter = new ProgressMeter();
  #showing: Promise<void> | undefined;
  #closed = false;

  constructor(workspace: Workspace, focusGroupId: string, terminal: Terminal, clock: Clock = systemClock) {
    this.#workspace = workspace;
    this.#focusGroupId = focusGroupId;
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** For `onTurn`. */
  readonly show = (task: TaskRecord): void => {
    this.#turns.push(task);
    // What cannot be shown is no reason to end the run: the run itself reports what is wrong.
    this.#showing ??= this.#showAll().catch(() => {});
  };

  /** Shows what there is left to show. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#showing;
  }

  async #showAll(): Promise<void> {
    for (let task = this.#turns.shift(); task !== undefined; task = this.#turns.shift())
      await this.#showTurn(task);
    this.#showing = undefined;
  }

  async #showTurn(task: TaskRecord): Promise<void> {
    const { group } = taskMessages(task);
    switch (task.job) {
      case OPENING_JOB:
        return;
      case ROUND_JOB:
        return this.#follow(task, await this.#beginRound(task));
      case SUMMARY_JOB:
        this.#terminal.note(`${group.summingUp}\n`);
        break;
      case MODERATION_JOB:
        this.#terminal.note(`${group.moderating}\n`);
        break;
      case THEMES_JOB:
        this.#terminal.note(`${group.findingThemes}\n`);
        break;
      default:
        this.#terminal.note(`${group.polling(task.totalCount, task.taskId)}\n`);
    }
    return this.#follow(task, () => {});
  }

  async #beginRound(task: TaskRecord): Promise<(result: TaskResult) => void> {
    const { taskId } = task;
    const { language, hostMessage: message, ...round } = roundParamsOf(task);
    const texts = transcriptTexts(language);
    const { group } = await readGroup(this.#workspace.tasks, this.#focusGroupId);
    const names = new Map(group.participants.map(({ id, name }) => [id, name]));
    this.#terminal.out(roundLines({ ...round, message, to: asked(round, names) }, texts));
    return ({ itemKey, success, result }) => {
      const text = success
        ? replyIn(taskId, { key: itemKey, result }).text
        : `(${texts.noReply}: ${storedFailure(result, { taskId, itemKey }).message})`;
      this.#terminal.out(saidLine(names.get(itemKey) ?? itemKey, text));
    };
  }

  /** Hears each result once, and shows how it goes, until the turn is over. */
  async #follow({ taskId }: TaskRecord, hear: (result: TaskResult) => void): Promise<void> {
    const { store } = this.#workspace.tasks;
    this.#meter = new ProgressMeter();
    let after: number | undefined;
    for (;;) {
      // Looked at first: what was recorded before the end is read below.
      const task = await store.get(taskId);
      const isOver = this.#closed || this.#turns.length > 0 || task?.finishedAt !== null;
      const page = await store.results(taskId, { after });
      if (page.entries.length > 0) this.#showStatus('');
      for (const result of page.entries) hear(result);
      after = page.next ?? page.entries.at(-1)?.sequence ?? after;
      if (page.next !== null) continue;
      this.#showStatus(isOver || task === undefined ? '' : this.#status(task));
      if (isOver) return;
      await sleep(LOOK_MS, { clock: this.#clock });
    }
  }

  #status(task: TaskRecord): string {
    const { taskId, totalCount, successCount, failedCount } = task;
    const { runner, usage, waitingFor } = this.#workspace;
    const counts = { total: totalCount, succeeded: successCount, failed: failedCount };
    const inFlight = runner.inFlight(taskId);
    const tokens = usage.inputTokens + usage.outputTokens;
    const progress = this.#meter.read(
      { ...counts, inFlight, retries: usage.retries, tokens, waitingFor },
      this.#clock.monotonic(),
    );
    return progressBar(progress, taskMessages(task), this.#terminal.redrawWidth() - 1);
  }

  /** Below what was said, where a line can be drawn anew; `''` takes it away. */
  #showStatus(line: string): void {
    if (this.#terminal.redraws) this.#terminal.redraw(line);
  }
}
