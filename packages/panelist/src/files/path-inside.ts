import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/**
 * Resolves a path that is named in a file, relative to `folder` or absolute. `null` if it leads out of the folder,
 * directly or through links. A missing file counts by its path alone; opening it reports that it is missing.
 */
export async function pathInside(folder: string, named: string): Promise<string | null> {
  const path = isAbsolute(named) ? named : join(folder, named);
  if (!isInside(folder, path)) return null;
  const [realFolder, real] = await Promise.all([realpath(folder), realpath(path).catch(() => null)]);
  return real === null || isInside(realFolder, real) ? path : null;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
