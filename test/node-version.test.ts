import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PANELIST } from './panelist-process.ts';

const manifest = new URL('../package.json', pathToFileURL(PANELIST));

/** Runs `panelist --version` after `code` in the same process. */
async function panelistAfter(code: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const preload = `data:text/javascript,${encodeURIComponent(code)}`;
  const args = ['--import', preload, PANELIST, '--version'];
  return promisify(execFile)(process.execPath, args).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    ({ code: exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr }),
  );
}

function asNode(version: string): string {
  return `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
}

describe('an old Node', () => {
  it.each(['20.20.2', '22.18.1', '12.22.12'])('%s is rejected with one line', async (version) => {
    expect(await panelistAfter(asNode(version))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `Panelist needs Node 22.19 or newer; this is ${version}\n`,
    });
  });

  it.each(['22.19.0', '24.0.0', '100.0.0'])('is not %s', async (version) => {
    expect(await panelistAfter(asNode(version))).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('can parse the file that checks the version', async () => {
    const [source, { engines, bin }] = await Promise.all([
      readFile(PANELIST, 'utf8'),
      readFile(manifest, 'utf8').then(JSON.parse),
    ]);
    expect(new URL(bin.panelist, manifest).pathname).toBe(PANELIST);
    expect(engines.node).toBe('>=22.19');
    // Newer than Node 12: `?.`, `??`, `??=`, private and static members, top-level await. Imports would run before the check.
    expect(source).not.toMatch(/\?\.|\?\?|#[a-z]\w*[ ;(=]|static |^ *await |^import /m);
  });
});

describe('warnings of Node', () => {
  const later = (type: string): string => `setTimeout(() => process.emitWarning('by ${type}', '${type}'));`;

  it('are hidden for experimental features, and printed otherwise', async () => {
    const { stderr } = await panelistAfter(later('ExperimentalWarning') + later('SomeWarning'));
    expect(stderr).toContain('by SomeWarning');
    expect(stderr).not.toContain('by ExperimentalWarning');
  });
});
