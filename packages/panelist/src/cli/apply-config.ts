import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Config } from './config.ts';

const SOURCE = 'config';

/**
 * Makes a config's values the defaults of all commands. A flag wins over them, and so does what is more specific: a
 * guide's own model. `out` holds a folder for each run, where `--out` is the folder of one.
 */
export function applyConfig(
  program: CommandUnknownOpts,
  { model, baseUrl, database, out, limits }: Config,
): void {
  for (const command of allCommands(program)) {
    const has = (name: string): boolean => command.options.some((option) => option.attributeName() === name);
    const set = (name: string, value: unknown): void => {
      if (value !== undefined) command.setOptionValueWithSource(name, value, SOURCE);
    };
    if (has('database')) set('database', database);
    if (has('out') && has('maxConcurrency')) set('outRoot', out);
    // `simulate` has limits of its own under the same names. A flag is recorded with the task and these are not, so that
    // a run keeps to what it was given.
    if (has('maxConcurrency') && limits !== undefined) set('configLimits', limits);
    if (has('hostName') && model !== undefined) set('configModel', { id: model, baseUrl: baseUrl ?? null });
    if (!has('baseUrl')) continue;
    // Only a survey has no other place that could name its model.
    const isRequired = command.options.some(
      (option) => option.mandatory && option.attributeName() === 'model',
    );
    set(isRequired ? 'model' : 'defaultModel', model);
    set(isRequired ? 'baseUrl' : 'defaultBaseUrl', baseUrl);
    // A model that was given by flag is not served where the config's is.
    command.hook('preAction', () => {
      if (isOfConfig(command, 'baseUrl') && !isOfConfig(command, 'model'))
        command.setOptionValue('baseUrl', undefined);
    });
  }
}

/** Whether an option has its value from the config. */
export function isOfConfig(command: CommandUnknownOpts, option: string): boolean {
  return command.getOptionValueSource(option) === SOURCE;
}

function* allCommands(command: CommandUnknownOpts): Generator<CommandUnknownOpts> {
  yield command;
  for (const child of command.commands) yield* allCommands(child);
}
