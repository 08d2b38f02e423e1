import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildPackage } from '../scripts/build-package.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the published command line is built, once for all tests. */
    readonly builtPanelist: string;
  }
}

/** The tests of whole programs run what users run. */
export default async function buildCommandLine(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'panelist-build-'));
  await buildPackage(folder);
  project.provide('builtPanelist', folder);
  return () => rm(folder, { recursive: true });
}
