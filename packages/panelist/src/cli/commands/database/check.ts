import { checkDatabase, type DatabaseCheck } from '../../../application/database/check-database.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import type { Command } from '../../command.ts';
import { ExitCode } from '../../exit-codes.ts';
import type { Terminal } from '../../terminal.ts';
import { withDatabase } from '../shared-options.ts';

export function addCheckCommand(database: Command, terminal: Terminal): void {
  withDatabase(database.command('check'))
    .summary('look a database over, and change nothing')
    .description(
      'Says whether a database can be reached, which version its tables have, who works on it, whether each task counts what its ' +
        'rows are, and whether its settings could lose what was acknowledged. Ends with 7 where something is wrong.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (flags) => {
      const check = await checkDatabase(flags.database);
      terminal.out(flags.json === true ? `${JSON.stringify(check, null, 2)}\n` : linesOf(check));
      return check.findings.some(({ level }) => level === 'problem') ? ExitCode.DATABASE : ExitCode.OK;
    });
}

function linesOf({
  dialect,
  serverVersion,
  sizeBytes,
  latencyMs,
  components,
  workers,
  tasks,
  findings,
}: DatabaseCheck): string {
  const alive = workers.filter(({ state }) => state !== 'gone');
  const lines = [
    `${dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${terminalSafe(serverVersion)}, ${(sizeBytes / 1e6).toFixed(1)} MB, answers in ${latencyMs.toFixed(1)} ms`,
    `Tables: ${components.map(({ component, version }) => `${component} ${version}`).join(', ') || 'none'}`,
    `Tasks: ${tasks}. At work: ${alive.length === 0 ? 'nobody' : alive.map(({ pid, host }) => `process ${pid} on ${terminalSafe(host)}`).join(', ')}`,
    ...findings.map(({ level, code, message }) =>
      terminalSafe(`${level === 'problem' ? 'Problem' : 'Warning'} [${code}]: ${message}`),
    ),
  ];
  if (findings.length === 0) lines.push('Nothing is wrong.');
  return lines.map((line) => `${line}\n`).join('');
}
