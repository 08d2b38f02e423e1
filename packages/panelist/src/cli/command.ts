import { Command as CommanderCommand } from 'commander';
import { ExitCode } from './exit-codes.ts';

/** A command of which an action may return the process's exit code; what returns nothing ends with 0. */
export class Command extends CommanderCommand {
  #exitCode: ExitCode = ExitCode.OK;

  /** Of the action that has run, of this command or of one below it. */
  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  override createCommand(name?: string): Command {
    return new Command(name);
  }

  // biome-ignore lint/suspicious/noExplicitAny: what an action gets depends on the command's arguments and options.
  override action(run: (this: this, ...args: any[]) => unknown): this {
    return super.action(async (...args) => {
      this.#end((await run.apply(this, args)) as ExitCode | undefined);
    });
  }

  #end(exitCode: ExitCode = ExitCode.OK): void {
    this.#exitCode = exitCode;
    if (this.parent instanceof Command) this.parent.#end(exitCode);
  }
}
