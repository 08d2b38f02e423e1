import { type SentPrompt, sentPrompts } from '../../../application/surveys/sent-prompt.ts';
import { findSurveyTask } from '../../../application/tasks/find-task.ts';
import { terminalSafeLines } from '../../../text/terminal-safe.ts';
import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addPromptCommand(results: Command, terminal: Terminal): void {
  withDatabase(results.command('prompt'))
    .summary('show the exact prompt that one question was asked with')
    .description(
      'Shows what was sent to the model when it was asked one question, and what it replied. No call is made.',
    )
    .addArgument(taskArgument())
    .argument('<respondent>', 'the id; with #2 behind it, the second replicate')
    .argument('<question>')
    .option('--json', 'print the requests and replies as JSON')
    .action(async (reference, respondent, question, flags) => {
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findSurveyTask(workspace, reference);
        const prompts = await sentPrompts(workspace, task, respondent, question);
        terminal.out(
          flags.json ? `${JSON.stringify(prompts, null, 2)}\n` : prompts.map(promptText).join('\n'),
        );
      });
    });
}

function promptText({ promptHash, request, reply, isMadeAgain }: SentPrompt, index: number): string {
  const { messages, replySchema, temperature, seed } = request;
  const parameters = `temperature ${temperature ?? "the provider's"}, seed ${seed ?? 'none'}`;
  const parts = [
    `=== ${index === 0 ? 'Asked' : 'Asked again'}: prompt ${promptHash} (${parameters})`,
    ...(isMadeAgain
      ? ['(No request is stored with this reply. It was made again from the survey, and has the same hash.)']
      : []),
    ...messages.map(({ role, content }) => `--- ${role}\n${content}`),
    ...(replySchema ? [`--- reply schema\n${JSON.stringify(replySchema.schema, null, 2)}`] : []),
    `--- replied\n${reply}`,
  ];
  return `${terminalSafeLines(parts.join('\n\n'))}\n`;
}
