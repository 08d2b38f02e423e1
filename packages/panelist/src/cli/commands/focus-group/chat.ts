import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { batchGenerateResponses } from '../../../focus-group/batch-generate-responses.ts';
import { readGroup } from '../../../focus-group/group-history.ts';
import type { FocusGroup } from '../../../focus-group/group-turn.ts';
import { addressed } from '../../../focus-group/participant.ts';
import { PanelistError } from '../../../panelist-error.ts';
import type { Workspace } from '../../compose.ts';
import { ExitCode } from '../../exit-codes.ts';
import { runInGroup } from '../../group-run.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { type CallFlags, withCalls } from '../shared-options.ts';
import { callsAtOnce } from './calls-at-once.ts';

export function addChatCommand(
  focusGroup: Command,
  terminal: Terminal,
  setExitCode: (code: number) => void,
): void {
  withCalls(focusGroup.command('chat'), callsAtOnce)
    .summary('lead a group live, line by line')
    .description(
      'Each line is said to the group, and the replies are shown as they come. `@Name …` is for one participant, /who lists ' +
        'them, /quit or Ctrl-D ends. All of it is kept, as with `say`.',
    )
    .argument('<group>')
    .action(async (focusGroupId: string, flags: CallFlags) => {
      await withExistingWorkspace(flags, async (workspace) => {
        const { group } = await readGroup(workspace.tasks, focusGroupId);
        await workspace.checkModel(group);
        terminal.err(
          `"${group.title}": ${group.participants.length} participants, played by ${group.model}. @Name asks one, /who lists them, /quit ends.\n`,
        );
        setExitCode(await chat(workspace, group, flags, terminal));
      });
    });
}

/** Lines are taken one after the other, also those that were typed while the group spoke. */
async function chat(
  workspace: Workspace,
  group: FocusGroup,
  flags: CallFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { focusGroupId } = group;
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: isTerminal,
    prompt: 'You: ',
  });
  let isSpeaking = false;
  // In a terminal Ctrl-C comes to the line editor, and not as a signal.
  lines.on('SIGINT', () => (isSpeaking ? void process.emit('SIGINT', 'SIGINT') : lines.close()));
  const ask = (): void => {
    if (isTerminal) lines.prompt();
  };
  ask();
  let worst: ExitCode = ExitCode.OK;
  for await (const line of lines) {
    const text = line.trim();
    if (text === '/quit') break;
    if (text === '/who') terminal.err(`${group.participants.map(({ name }) => name).join(', ')}\n`);
    else if (text !== '') {
      isSpeaking = true;
      try {
        const { to, message } = addressed(group.participants, text);
        const { value, exitCode } = await runInGroup(workspace, focusGroupId, flags, terminal, (onTurn) =>
          batchGenerateResponses(focusGroupId, to?.map(({ id }) => id) ?? 'all', message, {
            runner: workspace.runner,
            onTurn,
          }),
        );
        if (value === undefined) {
          lines.close();
          return exitCode;
        }
        if (value.failedCount > 0) worst = ExitCode.SOME_FAILED;
      } catch (error) {
        // A slip of the tongue is no reason to send everybody home.
        if (!(error instanceof PanelistError)) throw error;
        terminal.err(`${error.message}\n`);
      }
      isSpeaking = false;
    }
    ask();
  }
  lines.close();
  return worst;
}
