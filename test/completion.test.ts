import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PANELIST, temporaryFolder } from './panelist-process.ts';

/** Runs a script in a shell with `panelist` on its path, and returns the printed lines. */
async function shell(name: string, flags: readonly string[], script: string): Promise<string[]> {
  await using folder = await temporaryFolder();
  const command = join(folder.path, 'panelist');
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${PANELIST}' "$@"\n`);
  await chmod(command, 0o755);
  const env = { ...process.env, PATH: `${folder.path}:${process.env.PATH}`, HOME: folder.path };
  const { stdout } = await promisify(execFile)(name, [...flags, script], { cwd: folder.path, env });
  return stdout.trim().split('\n');
}

async function isThere(name: string): Promise<boolean> {
  return promisify(execFile)(name, ['--version']).then(
    () => true,
    () => false,
  );
}

const [hasBash, hasZsh, hasFish] = await Promise.all(['bash', 'zsh', 'fish'].map(isThere));

describe('completion in a shell', () => {
  it.skipIf(!hasBash)('works in bash', async () => {
    const asked = (words: string, at: number): string =>
      `COMP_WORDS=(${words}); COMP_CWORD=${at}; COMPREPLY=(); _panelist; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const lines = await shell(
      'bash',
      ['-c'],
      `eval "$(panelist completion bash)"; ${asked("panelist survey ''", 2)}; ${asked('panelist results export last --format pa', 5)}`,
    );
    expect(lines).toEqual(['check', 'deploy', 'help', 'parquet']);
  });

  it.skipIf(!hasZsh)('can be loaded by zsh', async () => {
    const lines = await shell(
      'zsh',
      ['-fc'],
      `autoload -U compinit; compinit -u -D; eval "$(panelist completion zsh)"; print -l \${_comps[panelist]}`,
    );
    expect(lines).toEqual(['_panelist']);
  });

  it.skipIf(!hasFish)('works in fish', async () => {
    const lines = await shell(
      'fish',
      ['-c'],
      `panelist completion fish | source; complete -C 'panelist survey '`,
    );
    expect(lines.map((line) => line.split('\t')[0]).sort()).toEqual(['check', 'deploy', 'help']);
  });
});
