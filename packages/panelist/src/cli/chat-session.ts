import type { TaskRecord } from '@panelist/toolkit';
import { readAddressees } from '../application/focus-groups/addressees.ts';
import { type GroupAction, sayInGroup, takeBackInGroup } from '../application/focus-groups/group-actions.ts';
import type { Workspace } from '../application/open-workspace.ts';
import type { LiveRound } from '../focus-group/batch-generate-responses.ts';
import type { FocusGroup } from '../focus-group/group.ts';
import { PanelistError } from '../panelist-error.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { chatHelp, readChatLine } from './chat-line.ts';
import { ExitCode } from './exit-codes.ts';
import { type GroupRunFlags, runInGroup, type Stopped } from './group-run.ts';
import type { Terminal } from './terminal.ts';

export interface ChatSessionOptions {
  readonly workspace: Workspace;
  readonly group: FocusGroup;
  readonly flags: GroupRunFlags;
  readonly terminal: Terminal;
  /** Called when all that was typed has been said. */
  readonly onIdle: () => void;
  /** Called after each round that was held. */
  readonly onRound: () => Promise<void>;
  /** Called when the group was stopped: no further line is read. */
  readonly onStopped: () => void;
}

/** A message that is being said. */
interface Saying {
  readonly text: string;
  readonly abort: AbortController;
  /** Its round, once it has begun. */
  round: TaskRecord | undefined;
  ended: Promise<void>;
}

/**
 * A host who types. Messages are said one after the other, also those that were typed while the group spoke; `/undo`
 * alone does not wait for its turn, since it is about what is said just now.
 */
export class ChatSession {
  readonly #options: ChatSessionOptions;
  /** Lines whose turn has not come. */
  readonly #waiting: string[] = [];
  #saying: Saying | undefined;
  #working: Promise<void> | undefined;
  #isStopped = false;
  #exitCode: ExitCode = ExitCode.OK;

  constructor(options: ChatSessionOptions) {
    this.#options = options;
  }

  get isSpeaking(): boolean {
    return this.#saying !== undefined;
  }

  /** Resolves when the last line has been said, or the group was stopped. */
  async run(lines: AsyncIterable<string>): Promise<ExitCode> {
    this.#options.onIdle();
    for await (const line of lines) {
      const read = readChatLine(line);
      const command = read.kind === 'command' ? read.command : null;
      if (this.#isStopped || command === '/quit') break;
      if (command === '/undo') await this.#undo();
      else this.#waiting.push(line);
      this.#working ??= this.#work();
    }
    await this.#working;
    return this.#exitCode;
  }

  async #work(): Promise<void> {
    while (!this.#isStopped) {
      const line = this.#waiting.shift();
      if (line === undefined) break;
      await this.#take(line);
    }
    this.#working = undefined;
    if (!this.#isStopped) this.#options.onIdle();
  }

  async #take(line: string): Promise<void> {
    const { terminal, group } = this.#options;
    const read = readChatLine(line);
    if (read.kind === 'message') await this.#say(read.text);
    else if (read.kind === 'unknown') terminal.err(`${read.problem}\n`);
    else if (read.kind === 'command')
      terminal.err(
        read.command === '/help'
          ? chatHelp()
          : `${group.participants.map(({ name }) => terminalSafe(name)).join(', ')}\n`,
      );
  }

  async #say(text: string): Promise<void> {
    const saying: Saying = {
      text,
      abort: new AbortController(),
      round: undefined,
      ended: Promise.resolve(),
    };
    this.#saying = saying;
    saying.ended = this.#hold(saying);
    await saying.ended;
    this.#saying = undefined;
  }

  async #hold(saying: Saying): Promise<void> {
    const { workspace, group, flags, terminal, onRound, onStopped } = this.#options;
    const { focusGroupId } = group;
    try {
      const { to, message } = readAddressees(group, saying.text);
      const say = (): GroupAction<LiveRound> =>
        sayInGroup(workspace, focusGroupId, message, {
          to,
          signal: saying.abort.signal,
          onRound: (task) => {
            saying.round = task;
          },
        });
      const isTakenBack = ({ task }: Stopped): boolean =>
        task?.status === 'cancelled' && task.taskId === saying.round?.taskId;
      const ended = await runInGroup(workspace, flags, terminal, say, isTakenBack);
      if (ended.end === 'withdrawn' || (ended.end === 'stopped' && isTakenBack(ended))) {
        terminal.err(`Taken back, nobody had answered: ${saying.text}\n`);
      } else if (ended.end === 'finished') {
        if (ended.value.failedCount > 0) this.#exitCode = ExitCode.SOME_FAILED;
        await onRound();
      } else {
        this.#isStopped = true;
        this.#exitCode = ended.exitCode;
        onStopped();
      }
    } catch (error) {
      // A mistyped command must not end the session.
      if (!(error instanceof PanelistError)) throw error;
      terminal.err(`${error.message}\n`);
    }
  }

  /** What is not said yet goes first, then what is being said, then what an earlier chat left unanswered. */
  async #undo(): Promise<void> {
    const { workspace, group, terminal } = this.#options;
    const unsaid = this.#waiting.findLastIndex((line) => readChatLine(line).kind === 'message');
    const saying = this.#saying;
    if (unsaid >= 0) {
      terminal.err(`Taken back, not sent: ${this.#waiting.splice(unsaid, 1)[0]?.trim()}\n`);
      return;
    }
    if (saying !== undefined && saying.round === undefined) {
      saying.abort.abort();
      await saying.ended;
      return;
    }
    try {
      const { message } = await takeBackInGroup(workspace, group.focusGroupId);
      if (saying === undefined) terminal.err(`Taken back, nobody had answered: ${terminalSafe(message)}\n`);
    } catch (error) {
      if (!(error instanceof PanelistError)) throw error;
      terminal.err(`${error.message}\n`);
    }
  }
}
