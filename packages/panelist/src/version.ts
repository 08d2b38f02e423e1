import { readFileSync } from 'node:fs';

/** Panelist's own manifest. By its name, since the command line's bundle has other folders than the sources. */
export const MANIFEST: URL = new URL(import.meta.resolve('panelist/package.json'));

/** Panelist's own, as its package says. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  return (manifest as { readonly version: string }).version;
}
