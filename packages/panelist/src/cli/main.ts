// Run by bin/panelist.js.
import { ExitCode } from './exit-codes.ts';
import { runCli } from './program.ts';
import { processTerminal } from './terminal.ts';

// A reader that has had enough, such as `head`, closes the pipe: that isn't an error and must not stop a run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`Error [${error.code}]: cannot write the output: ${error.message}\n`);
    process.exit(ExitCode.FILE);
  });
}

process.exitCode = await runCli(process.argv.slice(2), processTerminal);
