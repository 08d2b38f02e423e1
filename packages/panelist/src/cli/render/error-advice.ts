import { quote, ToolkitError } from '@panelist/toolkit';
import { PanelistError, type PanelistErrorData } from '../../panelist-error.ts';
import { terminalSafeLines } from '../../text/terminal-safe.ts';
import { shellWord } from './shell-word.ts';

const REASONS_SHOWN = 3;

/** The flags and commands that help with an error; `null` where none does. */
export function errorAdvice(error: unknown): string | null {
  if (error instanceof ToolkitError && error.code === 'STORE_OUTDATED')
    return 'Run `panelist database migrate --database …`, which says what it would disturb.';
  return error instanceof PanelistError && error.data !== undefined ? adviceOn(error.data) : null;
}

type DataOf<Reason> = Extract<PanelistErrorData, { readonly reason: Reason }>;

function adviceOn(data: PanelistErrorData): string {
  switch (data.reason) {
    case 'output-exists':
      return 'Choose another place with --out, or overwrite with --force.';
    case 'output-not-writable':
      return 'Choose another place with --out.';
    case 'database-changed':
    case 'database-folder':
      return 'Name another database with --database.';
    case 'base-url-missing':
      return 'Give the address with --base-url.';
    case 'base-url-not-taken':
      return 'Leave out --base-url.';
    case 'model-missing':
      return 'Or give a model with --model.';
    case 'workers-alive':
      return 'Or update it all the same with --force: they end by themselves within seconds.';
    case 'postgres-needed':
      return 'Give one with --database postgres://user@host/name; `panelist database copy` brings the tasks of a file there.';
    case 'price-unknown': {
      const example = JSON.stringify({ models: { [data.model]: { input: 1.25, output: 5 } } });
      return `Write the price to a file, in US dollars per million tokens, with the figures of the vendor's page in place of these:\n  ${example}\nand name the file with --prices; or limit --max-tokens instead of --max-cost.`;
    }
    case 'budget':
      return `Go on with the same command and a higher ${data.limit === 'cost' ? '--max-cost' : '--max-tokens'}.`;
    case 'unfinished':
      return `Leave out --fresh to go on with it, or cancel it: \`panelist tasks cancel ${data.taskId}\`.`;
    case 'group-changed':
      return 'Give the changed one a name of its own with --group.';
    case 'group-not-found':
      return '`panelist focus-group list` lists the groups of a database.';
    case 'turn-of-group':
      return `\`panelist focus-group export ${data.focusGroupId}\` has what was said.`;
    case 'target-not-sampled':
      return `Add ${quote(data.variable)} to --by, or remove it from the targets.`;
    case 'audience-missing':
    case 'audience-outside':
      return 'Or give the file with --audience.';
    case 'task-not-found':
      return '`panelist tasks` lists the tasks of a database.';
    case 'survey-unsupported':
      return surveyAdvice(data);
    case 'address-unconfirmed':
      return `If the address is right, give it: --base-url ${shellWord(data.address)}.`;
    case 'server-open':
      return 'Or listen on 127.0.0.1. --anyone-may-spend-my-money serves it without a token all the same.';
    case 'columns-unmatched':
      return 'Say which column is which question with --map question=column.';
  }
}

/** With a survey that asks for more than Panelist carries. */
function surveyAdvice({ withoutChoices, others }: DataOf<'survey-unsupported'>): string {
  const lines: string[] = [];
  if (withoutChoices.length > 0) {
    const flags = withoutChoices
      .slice(0, REASONS_SHOWN)
      .map((name) => `--choices ${shellWord(`${name}=FILE`)}`);
    const more =
      withoutChoices.length > flags.length ? `, and so for ${withoutChoices.length - flags.length} more` : '';
    lines.push(
      `Give the choices in a file: ${flags.join(' ')}${more} (a JSON list, a CSV with the columns value and text, or one a line).`,
    );
  }
  if (others > 0) {
    const rest = lines.length > 0 ? 'For the rest: ' : '';
    lines.push(`${rest}--unsupported skip leaves out what Panelist does not carry, and lists it.`);
  } else lines.push('Or: --unsupported skip leaves the questions out, and lists them.');
  return terminalSafeLines(lines.join('\n'));
}
