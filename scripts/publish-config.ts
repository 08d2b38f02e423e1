/**
 * `apply` replaces the `exports`, `imports` and `bin` of package.json by those of its `publishConfig`, which pnpm does and
 * npm does not. So the published package points at `dist`, while sources run unbuilt in the repository. `restore` undoes
 * it. The packages' `prepack` and `postpack` run it.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const MANIFEST = 'package.json';
const BACKUP = 'package.json.unpublished';
const action = process.argv[2];

if (action === 'apply') {
  if (!existsSync(BACKUP)) copyFileSync(MANIFEST, BACKUP);
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
    publishConfig: Record<string, unknown>;
  } & Record<string, unknown>;
  const { exports, imports, bin, ...rest } = manifest.publishConfig;
  const published = {
    ...manifest,
    ...(exports !== undefined && { exports }),
    ...(imports !== undefined && { imports }),
    ...(bin !== undefined && { bin }),
  };
  writeFileSync(MANIFEST, `${JSON.stringify({ ...published, publishConfig: rest }, null, 2)}\n`);
} else if (action === 'restore') {
  if (existsSync(BACKUP)) renameSync(BACKUP, MANIFEST);
} else {
  throw new Error(`publish-config.ts takes apply or restore, got ${JSON.stringify(action)}`);
}
