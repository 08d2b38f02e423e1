import { spawn } from 'node:child_process';
import { Option } from '@commander-js/extra-typings';
import { checkDatabasePath } from '../../application/database-path.ts';
import { DEFAULT_MAX_CONCURRENCY } from '../../application/defaults.ts';
import type { LogLevel } from '../../operation/log-level.ts';
import type { Command } from '../command.ts';
import { DRAIN_MS, SIGNALS } from '../drain-on-signal.ts';
import { wholeNumber } from '../read-option.ts';
import type { Terminal } from '../terminal.ts';
import { limitsIn, limitsOrConfig, withDatabase, withLimits, withLogLevel } from './shared-options.ts';

/** A model that is offered, with the address of its server where it needs one. */
interface Offered {
  readonly id: string;
  readonly baseUrl: string | null;
}

export function defineServe(command: Command, terminal: Terminal): void {
  const what = {
    what: 'interviews at once, of runs that record no limit of their own',
    n: DEFAULT_MAX_CONCURRENCY,
  };
  withLogLevel(withLimits(withDatabase(command), what), 'silent')
    .description(
      'Serves a page on which surveys are deployed, watched and understood and focus groups are held, and an HTTP API with ' +
        'the same powers (/api/openapi.json). Runs go on while no page is open, and after a restart. ' +
        'Tokens come from the environment: PANELIST_TOKEN (everything), PANELIST_READ_TOKEN (read only), ' +
        'PANELIST_USERS (ann:full:TOKEN,bob:read:TOKEN).',
    )
    .option('--port <port>', 'where to listen; 0 takes a free port', wholeNumber(0, 65_535), 4_500)
    .option('--host <address>', 'the address to listen on; another than loopback needs a token', '127.0.0.1')
    .option(
      '--model <model>',
      'a model that may be asked, with the address of its server where it needs one (ID=URL); may be given several times, the first is the default (default: that of the config, and the simulator)',
      (text: string, before: Offered[] | undefined) => [...(before ?? []), readOffered(text)],
    )
    .option('--prices <file>', 'prices that come before the built-in ones')
    .option(
      '--host-name <name>',
      'a further name that the server answers under, with its port where it has one, for a proxy; may be given several times',
      (text: string, before: string[] | undefined) => [...(before ?? []), text],
    )
    .option('--https', 'browsers reach it by HTTPS, through a proxy: cookies are sent over it only')
    .option('--open', 'open the page in a browser')
    .addOption(
      new Option(
        '--anyone-may-spend-my-money',
        'serve without a token on an address that other machines can reach',
      ),
    )
    .action(async (flags) => {
      checkDatabasePath(flags.database);
      const { configModel } = flags as { readonly configModel?: Offered };
      const models = flags.model ?? [
        ...(configModel ? [configModel] : []),
        { id: 'simulator', baseUrl: null },
      ];
      const isOpen = flags.anyoneMaySpendMyMoney === true;
      const { startServer } = await import('../../server/serve.ts');
      const server = await startServer({
        database: flags.database,
        models: models.filter(({ id }, index) => models.findIndex((each) => each.id === id) === index),
        port: flags.port,
        host: flags.host,
        hostNames: flags.hostName,
        isHttps: flags.https === true,
        isOpen,
        prices: flags.prices,
        limits: limitsIn(limitsOrConfig(flags)),
        log: await operatorLog(flags.logLevel, terminal),
        logLevel: flags.logLevel,
      });
      terminal.out(`Panelist is at ${server.url}\n`);
      terminal.note(
        `${server.needsLogin ? 'It asks for a token.' : isOpen ? 'Nobody needs to log in, and other machines can reach it.' : 'Nobody needs to log in: only this machine can reach it.'} Ctrl-C stops it; runs go on with the next start.\n`,
      );
      if (flags.open === true) openInBrowser(server.url);
      await stopped();
      terminal.err(
        `\nStopping: letting the calls in flight finish (at most ${DRAIN_MS / 1_000} s). Ctrl-C again stops at once.\n`,
      );
      for (const signal of SIGNALS) process.once(signal, () => process.exit(130));
      await server.close({ drainMs: DRAIN_MS });
    });
}

/** Lines for people, or for programs where a log is asked for. */
async function operatorLog(level: LogLevel, terminal: Terminal): Promise<(text: string) => void> {
  if (level === 'silent') return (text) => terminal.err(`${text}\n`);
  const { processLog } = await import('../../operation/log.ts');
  const log = processLog(level);
  return (text) => log.warn(text);
}

function readOffered(text: string): Offered {
  const at = text.search(/=https?:\/\//);
  return at < 0 ? { id: text, baseUrl: null } : { id: text.slice(0, at), baseUrl: text.slice(at + 1) };
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
}

/** A machine without a browser, such as a server, has none of these: the address is printed in any case. */
function openInBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command as string, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
