import { type DestinationStream, type Logger, pino } from 'pino';
import type { ObservedItem, RunObserver } from '../application/runs/run-observer.ts';
import { Redactor } from '../models/redactor.ts';
import { cutAt } from '../text/shortened.ts';
import { withoutLogin } from '../text/without-login.ts';
import type { LogLevel } from './log-level.ts';

export type { Logger };

/** Variables whose values may appear nowhere. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|DATABASE_URL|PANELIST_USERS/i;
const MAX_TEXT_CHARS = 2_000;
const MAX_DEPTH = 4;

export interface LogOptions {
  readonly level: LogLevel;
  /** Where the secrets are that it leaves out. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly destination: DestinationStream;
}

/** The log of this process: on stderr, and written before the process goes on, so that the last line is there when it dies. */
export function processLog(level: LogLevel): Logger {
  return createLog({ level, destination: pino.destination({ fd: 2, sync: true }) });
}

/** One JSON line for each event. Whatever text is in it: keys, passwords and logins of addresses are left out. */
export function createLog({ level, env = process.env, destination }: LogOptions): Logger {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) ? [value] : [],
  );
  const redactor = new Redactor(secrets);
  const clean = (value: unknown, depth = 0): unknown => {
    if (typeof value === 'string') return redactor.redact(withoutLogins(cutAt(value, MAX_TEXT_CHARS)));
    if (value instanceof Error) return clean(errorView(value), depth);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH) return '…';
    if (Array.isArray(value)) return value.slice(0, 100).map((each) => clean(each, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each, depth + 1)]));
  };
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => clean(fields) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          method.apply(
            this,
            args.map((each) => (typeof each === 'string' ? clean(each) : each)) as typeof args,
          );
        },
      },
    },
    destination,
  );
}

/** Logs what becomes of tasks and items. */
export function loggingObserver(log: Logger): RunObserver {
  return {
    taskBegan: (task) => log.info(task, 'task picked up'),
    taskEnded: (task) => log.info(task, 'task left'),
    taskFailed: (taskId, error) =>
      log.error({ taskId, error: errorView(error) }, 'the work on a task has failed'),
    itemBegan: (item) => {
      if (item.attempt !== null && item.attempt > 0) log.warn(item, 'item taken over');
      else log.debug(item, 'item begun');
    },
    itemEnded: (item: ObservedItem, { how, elapsedMs, error }) => {
      const fields = { ...item, elapsedMs: Math.round(elapsedMs) };
      if (how === 'failed') log.warn({ ...fields, error: errorView(error) }, 'item failed');
      else log.debug({ ...fields }, how === 'left' ? 'item left for later' : 'item done');
    },
    throttle: (model, event) => {
      if (event.type === 'refused')
        log.debug({ model, kind: event.classification.kind, status: event.classification.status }, 'refused');
    },
  };
}

/** Tells several observers. */
export function allOf(observers: readonly RunObserver[]): RunObserver {
  const tell =
    <Name extends keyof RunObserver>(name: Name) =>
    (...args: unknown[]): void => {
      for (const observer of observers)
        (observer[name] as ((...args: unknown[]) => void) | undefined)?.apply(observer, args);
    };
  return {
    taskBegan: tell('taskBegan'),
    taskEnded: tell('taskEnded'),
    taskFailed: tell('taskFailed'),
    itemBegan: tell('itemBegan'),
    itemEnded: tell('itemEnded'),
    throttle: tell('throttle'),
    reply: tell('reply'),
  };
}

function errorView(error: unknown): { readonly code?: string; readonly message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { readonly code?: unknown };
  return { ...(typeof code === 'string' && { code }), message: error.message };
}

/** Of each address in a text. */
function withoutLogins(text: string): string {
  return text.replace(/\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi, withoutLogin);
}
