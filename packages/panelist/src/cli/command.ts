import { Command as CommanderCommand, type OptionValues } from '@commander-js/extra-typings';
import { ExitCode } from './exit-codes.ts';

declare module '@commander-js/extra-typings' {
  // biome-ignore lint/suspicious/noExplicitAny: as the class declares it.
  interface Command<Args extends any[], Opts extends OptionValues, GlobalOpts extends OptionValues> {
    /** An action may return the process's exit code. @default 0 */
    action(
      run: (
        this: this,
        ...args: [...Args, Opts, this]
      ) => ExitCode | undefined | Promise<ExitCode | undefined>,
    ): this;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as the class declares it.
export type Arguments = any[];

/** A command with the arguments `Args`, its own options `Opts`, and those of the commands above it. */
export type Command<
  Args extends Arguments = [],
  // biome-ignore lint/complexity/noBannedTypes: as the class declares it.
  Opts extends OptionValues = {},
  // biome-ignore lint/complexity/noBannedTypes: as the class declares it.
  GlobalOpts extends OptionValues = {},
> = CommanderCommand<Args, Opts, GlobalOpts>;

/** The whole program. It knows the exit code of the action that has run, of whichever of its commands. */
export class Program extends CommanderCommand {
  #exitCode: ExitCode = ExitCode.OK;

  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  override createCommand(name?: string): Program {
    return new Program(name);
  }

  // biome-ignore lint/suspicious/noExplicitAny: what an action gets depends on the command's arguments and options.
  override action(run: (this: this, ...args: any[]) => unknown): this {
    return super.action(async (...args) => {
      this.#end((await run.apply(this, args)) as ExitCode | undefined);
    });
  }

  #end(exitCode: ExitCode = ExitCode.OK): void {
    this.#exitCode = exitCode;
    if (this.parent instanceof Program) this.parent.#end(exitCode);
  }
}
