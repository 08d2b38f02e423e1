import { VERSION } from '../version.ts';
import { type Command, Program } from './command.ts';
import { exitCodesHelp } from './exit-codes.ts';
import { COMPLETE_COMMAND, CONFIG_FILE } from './program-names.ts';
import type { Terminal } from './terminal.ts';

type Define = (command: Command, terminal: Terminal) => void;

/** Each command's summary, and what defines the rest of it: loaded when it is used, since `--help` need not wait for it. */
const commands: readonly (readonly [name: string, summary: string, load: () => Promise<Define>])[] = [
  [
    'init',
    'write a survey, an audience and a guide to start from',
    async () => (await import('./commands/init.ts')).defineInit,
  ],
  [
    'survey',
    'check and deploy surveys',
    async () => (await import('./commands/survey/survey.ts')).defineSurvey,
  ],
  [
    'focus-group',
    'hold focus groups, and read what was said',
    async () => (await import('./commands/focus-group/focus-group.ts')).defineFocusGroup,
  ],
  ['audience', 'draw samples', async () => (await import('./commands/audience.ts')).defineAudience],
  [
    'tasks',
    'list tasks, look at one, resume, cancel, retry what failed, or delete old ones',
    async () => (await import('./commands/tasks/tasks.ts')).defineTasks,
  ],
  [
    'results',
    'export, summarise and compare answers',
    async () => (await import('./commands/results/results.ts')).defineResults,
  ],
  [
    'database',
    'check a database, bring it up to date, or copy its tasks into another',
    async () => (await import('./commands/database/database.ts')).defineDatabase,
  ],
  ['serve', 'serve the page and the HTTP API', async () => (await import('./commands/serve.ts')).defineServe],
  [
    'worker',
    'work on the tasks of a PostgreSQL database, on as many machines as you like',
    async () => (await import('./commands/worker.ts')).defineWorker,
  ],
  [
    'workers',
    'who works on the tasks of a database, and on which',
    async () => (await import('./commands/workers.ts')).defineWorkers,
  ],
  [
    'simulate',
    'serve simulated respondents over HTTP: no model, no key, no cost',
    async () => (await import('./commands/simulate.ts')).defineSimulate,
  ],
  [
    'completion',
    'complete commands and options in the shell',
    async () => (await import('./commands/completion.ts')).defineCompletion,
  ],
];

/**
 * The program, with what its commands do on this terminal.
 *
 * @param words what it is called with: only the command that they name is defined. @default all are
 */
export async function buildProgram(terminal: Terminal, words?: readonly string[]): Promise<Program> {
  const program = new Program('panelist');
  program
    .description(
      'Deploys surveys to AI respondents, holds AI focus groups, and gets every answer exactly once.',
    )
    .version(VERSION)
    .option('-q, --quiet', 'no progress and no remarks: results, warnings and errors only')
    .addHelpText(
      'after',
      `\n${exitCodesHelp}\n\nAPI keys are read from the environment only. ${CONFIG_FILE} holds defaults for flags.`,
    );
  const [name, argument] = words?.filter((word) => !word.startsWith('-')) ?? [COMPLETE_COMMAND];
  const isComplete = name === COMPLETE_COMMAND;
  const wanted = name === 'help' ? argument : name;
  for (const [each, summary, load] of commands) {
    const command = program.command(each).summary(summary);
    if (isComplete || each === wanted) (await load())(command, terminal);
  }
  if (isComplete) (await import('./commands/completion.ts')).addComplete(program, terminal);
  return program;
}
