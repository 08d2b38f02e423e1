#!/usr/bin/env -S node --heap-growing-percent=75 --max-semi-space-size=8
// The flags above make V8 collect sooner: a run holds little, but its heap would grow to several times that.
import { ExitCode } from './exit-codes.ts';
import { runCli } from './program.ts';
import { processTerminal } from './terminal.ts';

// A reader that has had enough, such as `head`, closes the pipe: that is no fault, and no reason to stop a run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`Error [${error.code}]: cannot write the output: ${error.message}\n`);
    process.exit(ExitCode.FILE);
  });
}

process.exitCode = await runCli(process.argv.slice(2), processTerminal);
