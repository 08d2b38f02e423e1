import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Context } from 'hono';
import { MANIFEST } from '../../version.ts';

const FOLDER = new URL('dist/page/', MANIFEST);

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer> | null;
  readonly type: string;
}

/** The built page. Each file is read once; only names that the build has made are looked for. */
export class PageFiles {
  readonly #files = new Map<string, Promise<PageFile | undefined>>();

  /** The file of a path, or the page itself for a path of its own such as `/tasks/task_x`. */
  async respond(c: Context): Promise<Response> {
    const path = c.req.path.slice(1);
    const isAsset = /^(?:[\w-]+\/)*[\w.-]+\.\w+$/.test(path) && !path.includes('..');
    const file = isAsset ? await this.#file(path) : await this.#file('index.html');
    if (file === undefined)
      return c.text(
        isAsset
          ? 'Not found'
          : 'The page is not built. In a checkout of Panelist, run `npm run build`, or `npm start`.\n',
        404,
      );
    const isHashed = path.startsWith('assets/');
    const headers: Record<string, string> = {
      'Content-Type': file.type,
      'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      Vary: 'Accept-Encoding',
    };
    const takesGzip = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
    if (file.gzip !== null && takesGzip)
      return c.body(file.gzip, 200, { ...headers, 'Content-Encoding': 'gzip' });
    return c.body(file.body, 200, headers);
  }

  #file(path: string): Promise<PageFile | undefined> {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    // A page that isn't built yet may be later, and a stranger's paths are not to be remembered.
    const reading = read(path).then((file) => {
      if (file === undefined) this.#files.delete(path);
      return file;
    });
    this.#files.set(path, reading);
    return reading;
  }
}

async function read(path: string): Promise<PageFile | undefined> {
  const type = types[extname(path)];
  if (type === undefined) return undefined;
  try {
    const body = new Uint8Array(await readFile(new URL(path, FOLDER)));
    const gzip = /text|json|svg|javascript/.test(type) ? await compressed(body) : null;
    return { body, gzip, type };
  } catch {
    // Whatever keeps a file from being read, a name that is too long too: there is none to send.
    return undefined;
  }
}

async function compressed(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
