import { createInterface } from 'node:readline';
import { prepareGroupFolder, renewGroupFiles } from '../../../application/focus-groups/transcript-files.ts';
import type { Workspace } from '../../../application/open-workspace.ts';
import type { FocusGroup } from '../../../focus-group/group.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import { ChatSession } from '../../chat-session.ts';
import type { Command } from '../../command.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { groupToAsk } from '../../group-run.ts';
import { renewedText } from '../../render/group-summary.ts';
import type { Terminal } from '../../terminal.ts';
import { withStoredModels } from '../../use-workspace.ts';
import { type CallFlags, participantsAtOnce, withCalls } from '../shared-options.ts';
import { type GroupFilesFlags, withGroupFiles } from './group-files.ts';

type ChatFlags = CallFlags & GroupFilesFlags;

export function addChatCommand(focusGroup: Command, terminal: Terminal): void {
  withGroupFiles(withCalls(focusGroup.command('chat'), participantsAtOnce))
    .summary('lead a group live, line by line')
    .description(
      'Each line is said to the group, and the replies are shown as they come. `@Name …` is for one participant. What ' +
        'begins with a slash is a command and never said: /help lists them, /undo takes back a message that nobody has ' +
        'answered, /quit or Ctrl-D ends. All of it is kept, as with `say`, and transcript and report are renewed.',
    )
    .argument('<group>')
    .action(async (focusGroupId, flags) => {
      return withStoredModels(flags, terminal, async (workspace, checkModel) => {
        const group = await groupToAsk(workspace, focusGroupId, flags, checkModel);
        const folder = await prepareGroupFolder(workspace, focusGroupId, flags);
        terminal.err(
          `"${terminalSafe(group.title)}": ${group.participants.length} participants, played by ${terminalSafe(group.model)}. @Name asks one, /help lists the commands, /quit ends.\n`,
        );
        return chat(workspace, group, folder, flags, terminal);
      });
    });
}

async function chat(
  workspace: Workspace,
  group: FocusGroup,
  folder: string,
  flags: ChatFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: isTerminal,
    prompt: 'You: ',
  });
  let rounds = 0;
  const session = new ChatSession({
    ...{ workspace, group, flags, terminal },
    onIdle: () => {
      if (isTerminal) lines.prompt();
    },
    onRound: async () => {
      rounds += 1;
      await renewGroupFiles(workspace, group.focusGroupId, folder, flags);
    },
    onStopped: () => lines.close(),
  });
  // In a terminal Ctrl-C comes to the line editor, and not as a signal.
  lines.on('SIGINT', () => (session.isSpeaking ? void process.emit('SIGINT', 'SIGINT') : lines.close()));
  const exitCode = await session.run(lines);
  lines.close();
  if (rounds > 0) terminal.note(renewedText(folder));
  return exitCode;
}
