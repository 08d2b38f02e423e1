/**
 * `apply` puts the `exports`, `imports` and `bin` of a package's `publishConfig` in place, as pnpm does and npm does not, so
 * that what is published points at `dist` while the sources run unbuilt here. `restore` takes them back. Run by the
 * packages' `prepack` and `postpack`.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const MANIFEST = 'package.json';
const KEPT = 'package.json.unpublished';
const action = process.argv[2];

if (action === 'apply') {
  if (!existsSync(KEPT)) copyFileSync(MANIFEST, KEPT);
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
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
} else {
  throw new Error(`publish-config.ts takes apply or restore, got ${JSON.stringify(action)}`);
}
