import { type Clock, sleep, systemClock, type TaskRecord } from '@panelist/toolkit';
import { transcriptTexts } from '../analysis/focus-group/export/transcript-texts.ts';
import { readGroup } from '../focus-group/group-history.ts';
import {
  MODERATION_JOB,
  OPENING_JOB,
  ROUND_JOB,
  type RoundParams,
  SUMMARY_JOB,
  THEMES_JOB,
} from '../focus-group/group-turn.ts';
import type { RecordedReply } from '../focus-group/round-job.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import type { Workspace } from './compose.ts';
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
    this.#showing ??= this.#showAll();
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
    switch (task.job) {
      case OPENING_JOB:
        return;
      case ROUND_JOB:
        return this.#showRound(task);
      case SUMMARY_JOB:
        return this.#terminal.err('(summing up what was said)\n');
      case MODERATION_JOB:
        return this.#terminal.err('(the moderator thinks)\n');
      case THEMES_JOB:
        return this.#terminal.err('(the transcript is read for its themes)\n');
      default:
        return this.#terminal.err(`(a private poll of ${task.totalCount}: task ${task.taskId})\n`);
    }
  }

  async #showRound({ taskId, taskParams }: TaskRecord): Promise<void> {
    const params = taskParams as unknown as RoundParams;
    const texts = transcriptTexts(params.language);
    const { group } = await readGroup(this.#workspace.tasks, this.#focusGroupId);
    const names = new Map(group.participants.map(({ id, name }) => [id, name]));
    const speaker = params.host === 'moderator' ? texts.moderator : texts.host;
    this.#say(`${texts.round(params.round)} – ${speaker}`, params.hostMessage, '\n');
    if (params.stimulus !== null) this.#say(`(${texts.shown})`, params.stimulus);
    const { store } = this.#workspace.tasks;
    let after: number | undefined;
    for (;;) {
      // Looked at first: what was recorded before the end is read below.
      const isOver = this.#closed || this.#turns.length > 0 || (await store.get(taskId))?.finishedAt !== null;
      const page = await store.results(taskId, { after });
      for (const { itemKey, success, result } of page.entries) {
        const name = names.get(itemKey) ?? itemKey;
        if (success) this.#say(name, (result as unknown as RecordedReply).text);
        else this.#say(name, `(${texts.noReply}: ${failureOf(result)})`);
      }
      after = page.next ?? page.entries.at(-1)?.sequence ?? after;
      if (page.next === null && isOver) return;
      if (page.next === null) await sleep(LOOK_MS, { clock: this.#clock });
    }
  }

  #say(name: string, text: string, before = ''): void {
    this.#terminal.out(`${before}${terminalSafe(name)}: ${terminalSafe(text)}\n`);
  }
}

function failureOf(result: unknown): string {
  return (result as { readonly error?: { readonly message?: string } } | null)?.error?.message ?? 'failed';
}
