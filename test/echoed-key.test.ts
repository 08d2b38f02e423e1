import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { completion, serveLocally } from '../packages/panelist/src/models/testing/local-server.ts';
import { runPanelist, temporaryFolder } from './panelist-process.ts';

const KEY = 'sk-very-secret-0123456789';

/** The contents of all files in a folder, as one text. */
async function contents(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return texts.join('\n');
}

describe('a key in a server error', () => {
  it('is not in any file or output', async () => {
    await using folder = await temporaryFolder();
    const survey = { elements: [{ type: 'comment', name: 'why', title: 'Why?', isRequired: true }] };
    await writeFile(join(folder.path, 'survey.json'), JSON.stringify(survey));
    await writeFile(join(folder.path, 'people.csv'), 'id,name\nP1,Ada\nP2,Bo\nP3,Cy\n');
    const keys: (string | undefined)[] = [];
    let calls = 0;
    const origin = await serveLocally(async (request, response) => {
      keys.push(request.headers.authorization);
      const prompt = await text(request);
      calls += 1;
      const fail = (status: number): void => {
        response.writeHead(status, { 'x-request-id': KEY });
        response.end(JSON.stringify({ error: { message: `Not with ${KEY}`, code: KEY, type: KEY } }));
      };
      if (calls === 1) fail(500);
      else if (prompt.includes('Bo')) fail(400);
      else {
        const content = JSON.stringify({ q1: `I am ${KEY}, ${encodeURIComponent(KEY)}.` });
        response.end(JSON.stringify({ ...completion({ content }), model: KEY, system_fingerprint: KEY }));
      }
    });
    const ran = async (...args: readonly string[]): Promise<string> => {
      const { out, err } = await runPanelist([...args, '--database', 'run.db'], {
        cwd: folder.path,
        env: { OPENAI_COMPATIBLE_API_KEY: KEY },
      });
      return out + err;
    };
    const printed = [
      await ran(
        ...['survey', 'deploy', 'survey.json', '--audience', 'people.csv', '--out', 'out'],
        ...['--model', 'openai-compatible/m', '--base-url', `${origin}/v1`],
      ),
      await ran('tasks', 'show', 'last', '--json'),
      await ran('results', 'prompt', 'last', 'P1', 'why'),
      await ran('results', 'export', 'last', '--out', 'all.jsonl'),
    ].join('\n');
    expect(keys).toContain(`Bearer ${KEY}`);
    expect(printed).toContain('Not with [redacted]');
    const stored = await contents(folder.path);
    expect(stored).toContain('I am [redacted], [redacted].');
    expect(printed + stored).not.toContain(KEY);
  });
});
