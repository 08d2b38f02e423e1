import { setTimeout as sleep } from 'node:timers/promises';
import { benchSurvey, quantile, type Served, serve, simulate } from './served.ts';

const PAGES = 50;
const SECONDS = 20;
/** 100 at once, 200 ms each. */
const AT_ONCE = 100;
const LATENCY = '190-210';

/** When a page heard of how many results. */
interface Heard {
  readonly at: number;
  readonly through: number;
}

/** 50 pages on a task that finishes some 500 items a second: how late they are, and what they cost. */
export async function openPages(database: string): Promise<void> {
  await using simulator = await simulate(['--latency', LATENCY]);
  await using server = await serve(database, simulator.model);
  const respondents = 500 * (SECONDS * 2 + 10);
  const { taskId } = await server.json('/api/surveys', benchSurvey(simulator.model, respondents, AT_ONCE));
  await sleep(4_000);
  const alone = await cpuShare(server);
  const pages = await Promise.all(Array.from({ length: PAGES }, () => openPage(server, taskId)));
  const watched = await cpuShare(server);
  await Promise.all(pages.map((page) => page.close()));
  const recorded = await recordedAt(server, taskId);
  const lags: number[] = [];
  for (const { heard } of pages) {
    const [from, to] = [heard[0]!, heard.at(-1)!];
    let index = 0;
    for (const { sequence, at } of recorded) {
      if (sequence <= from.through || sequence > to.through) continue;
      while (heard[index]!.through < sequence) index += 1;
      lags.push(heard[index]!.at - at);
    }
  }
  const first = recorded.find(({ sequence }) => sequence > pages[0]!.heard[0]!.through)!;
  const last = recorded.findLast(({ sequence }) => sequence <= pages[0]!.heard.at(-1)!.through)!;
  const rate = (last.sequence - first.sequence) / ((last.at - first.at) / 1_000);
  const bytes = pages.reduce((sum, page) => sum + page.bytes, 0) / PAGES / SECONDS;
  console.log(`${PAGES} pages on a task that finishes ${rate.toFixed(0)} items a second, ${SECONDS} s:`);
  console.log(
    `  progress lag: median ${quantile(lags, 0.5).toFixed(0)} ms, 99th percentile ${quantile(lags, 0.99).toFixed(0)} ms`,
  );
  console.log(
    `  CPU of the server: ${(alone * 100).toFixed(1)} % of a core without pages, ${(watched * 100).toFixed(1)} % with them`,
  );
  console.log(`  a page gets ${(bytes / 1_000).toFixed(1)} kB a second`);
}

async function cpuShare(server: Served): Promise<number> {
  const before = server.cpu();
  await sleep(SECONDS * 1_000);
  return (server.cpu() - before) / SECONDS;
}

async function openPage(
  server: Served,
  taskId: string,
): Promise<{ readonly heard: Heard[]; readonly bytes: number; close(): Promise<void> }> {
  const abort = new AbortController();
  const heard: Heard[] = [];
  let bytes = 0;
  const response = await fetch(`${server.url}/api/events?tasks=${taskId}&list=1`, { signal: abort.signal });
  const read = async (): Promise<void> => {
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      bytes += part.length;
      text += part;
      const frames = text.split('\n\n');
      text = frames.pop()!;
      for (const frame of frames) {
        const through = /"through":(\d+)/.exec(frame)?.[1];
        if (through !== undefined) heard.push({ at: Date.now(), through: Number(through) });
      }
    }
  };
  const reading = read().catch(() => {});
  return {
    heard,
    get bytes() {
      return bytes;
    },
    async close() {
      abort.abort();
      await reading;
    },
  };
}

async function recordedAt(
  server: Served,
  taskId: string,
): Promise<readonly { readonly sequence: number; readonly at: number }[]> {
  const all: { sequence: number; at: number }[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page: { results: { sequence: number; recordedAt: string }[]; next: number | null } =
      await server.json(`/api/tasks/${taskId}/results?limit=500&after=${after}`);
    for (const { sequence, recordedAt } of page.results) all.push({ sequence, at: Date.parse(recordedAt) });
    after = page.next;
  }
  return all;
}
