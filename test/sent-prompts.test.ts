import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { runPanelist, temporaryFolder } from './panelist-process.ts';

const SURVEY = new URL('../examples/weekly-market.survey.json', import.meta.url).pathname;

interface SentRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** A proxy in front of a simulator that records the requests. */
async function recordingProxy(target: string) {
  const sent: SentRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method === 'POST') sent.push(JSON.parse(body) as SentRequest);
    const reply = await fetch(new URL(request.url ?? '/', target), {
      method: request.method ?? 'GET',
      headers: { 'content-type': 'application/json' },
      ...(request.method === 'POST' && { body }),
    });
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { pathname } = new URL(target);
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    sent,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe('panelist results prompt', () => {
  it('prints exactly the sent prompt of each replicate, without a call', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3 });
    const proxy = await recordingProxy(simulator.url);
    const audience = join(folder.path, 'people.csv');
    await writeFile(audience, 'id,age\nA,30\nB,40\n');
    const deployed = await runPanelist(
      [
        ...['survey', 'deploy', SURVEY, '--audience', audience, '--model', 'openai-compatible/simulator'],
        ...['--base-url', proxy.url, '--json', '--seed', '4', '--randomize-options', '--replicates', '2'],
      ],
      { cwd: folder.path },
    );
    expect(deployed.exitCode, deployed.err).toBe(0);
    const { taskId, tabulation, totalCount } = JSON.parse(deployed.out);
    expect(totalCount).toBe(4);
    const question: string = tabulation.questions[0].question.name;
    const sentBefore = proxy.sent.length;
    const contents = proxy.sent.map(({ messages }) => messages.map(({ content }) => content));

    const printed: unknown[] = [];
    for (const key of ['A', 'A#2', 'B']) {
      const prompt = await runPanelist(['results', 'prompt', taskId, key, question, '--json'], {
        cwd: folder.path,
      });
      expect(prompt.exitCode, prompt.err).toBe(0);
      const [first] = JSON.parse(prompt.out) as {
        readonly request: SentRequest;
        readonly isMadeAgain: boolean;
      }[];
      expect(first?.isMadeAgain).toBe(false);
      const messages = first?.request.messages.map(({ content }) => content);
      expect(contents).toContainEqual(messages);
      printed.push(messages);
    }
    expect(new Set(printed.map((each) => JSON.stringify(each))).size).toBe(3);
    expect(proxy.sent).toHaveLength(sentBefore);

    const unknown = await runPanelist(['results', 'prompt', taskId, 'C', question], { cwd: folder.path });
    expect(unknown.exitCode).toBe(2);
    expect(unknown.err).toContain('There is no respondent "C"');
    const noQuestion = await runPanelist(['results', 'prompt', taskId, 'A', 'nope'], { cwd: folder.path });
    expect(noQuestion.err).toContain('There is no question "nope"');
    await proxy.close();
    await simulator.close();
  });
});
