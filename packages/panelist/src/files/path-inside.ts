import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/**
 * A path that a file names, as it can be opened: relative to `folder`, or absolute. `null` where it leads out of the
 * folder, by itself or through links. What is not there is inside when its path is: who opens it finds that out.
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
