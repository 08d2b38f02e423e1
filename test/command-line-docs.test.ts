import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../packages/panelist/src/cli/config.ts';
import {
  readSimulatorOptions,
  simulatorOptionTexts,
} from '../packages/panelist/src/simulator/option-text.ts';

function page(name: string): Promise<string> {
  return readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}

describe.each(['simulator.md', 'simulator.zh-CN.md'])('docs/%s', (name) => {
  it('lists exactly the settings of the simulator', async () => {
    const named = Array.from((await page(name)).matchAll(/^\| `([\w-]+)` \|/gm), ([, setting]) => setting);
    expect(named.toSorted()).toEqual(simulatorOptionTexts.map((each) => each.name).toSorted());
  });

  it('has examples of models that can be opened', async () => {
    const models = Array.from(
      (await page(name)).matchAll(/simulator\?([^"` ]+)/g),
      ([, settings]) => settings ?? '',
    );
    expect(models.length).toBeGreaterThan(2);
    for (const settings of models) readSimulatorOptions(new URLSearchParams(settings));
  });
});

describe.each(['command-line.md', 'command-line.zh-CN.md'])('docs/%s', (name) => {
  it('has an example of a config that can be read', async () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(await page(name)) ?? [];
    const folder = await mkdtemp(join(tmpdir(), 'panelist-docs-'));
    await writeFile(join(folder, 'panelist.config.json'), example);
    expect(readConfig(folder)).toEqual(JSON.parse(example));
    await rm(folder, { recursive: true });
  });
});
