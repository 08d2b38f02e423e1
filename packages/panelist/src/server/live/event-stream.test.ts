import { describe, expect, it, vi } from 'vitest';
import { eventStream, readCursors } from './event-stream.ts';
import type { LiveEvents } from './live-events.ts';
import type { LiveEvent, Subscriber } from './topic.ts';

async function setUp(cursors: ReadonlyMap<string, string> = new Map()) {
  let subscriber!: Subscriber;
  const leave = vi.fn();
  const onEnd = vi.fn();
  const abort = new AbortController();
  const live = {
    subscribe: async (_: unknown, given: Subscriber) => {
      subscriber = given;
      return leave;
    },
  } as unknown as LiveEvents;
  const request = { tasks: [], groups: [], list: false, cursors };
  const stream = eventStream(live, request, { hello: '{"instance":"i"}', signal: abort.signal, onEnd });
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  const read = async (): Promise<string> => (await reader.read()).value ?? '';
  expect(await read()).toContain('event: server\ndata: {"instance":"i"}');
  const send = (topic: string, event: Partial<LiveEvent>): void =>
    subscriber.send(topic, { event: 'task', key: null, data: '{}', ...event });
  return { send, read, reader, leave, onEnd, abort };
}

describe('a stream of events', () => {
  it('has ids that hold how far each of its topics was reported', async () => {
    const { send, read } = await setUp(new Map([['task_0', '4']]));
    send('task_1', { event: 'results', data: '{"a":1}', cursor: '7' });
    expect(await read()).toBe('id: task_0:4,task_1:7\nevent: results\ndata: {"a":1}\n\n');
    send('group a,b:c', { event: 'group', cursor: '2-x-0.1' });
    const id = /^id: (.*)$/m.exec(await read())![1];
    expect(readCursors(id)).toEqual(
      new Map([
        ['task_0', '4'],
        ['task_1', '7'],
        ['group a,b:c', '2-x-0.1'],
      ]),
    );
  });

  it('keeps only the newest event of a key for a page that is slow, and all that must not be lost', async () => {
    const { send, read, reader } = await setUp();
    const large = 'x'.repeat(70_000);
    send('t', { data: large });
    send('t', { data: large });
    for (const count of [1, 2, 3]) send('t', { key: 'task t', data: `${count}` });
    for (const count of [1, 2]) send('t', { event: 'reply', data: `reply ${count}` });
    let text = '';
    while (!text.includes('reply 2')) text += await read();
    expect([...text.matchAll(/^data: (\d|reply \d)$/gm)].map(([, data]) => data)).toEqual([
      '3',
      'reply 1',
      'reply 2',
    ]);
    await reader.cancel();
  });

  it('lets an event say what it becomes where it replaces another', async () => {
    const { send, read } = await setUp();
    const large = 'x'.repeat(70_000);
    send('t', { data: large });
    send('t', { data: large });
    send('t', { key: 'results', data: '1-2' });
    send('t', {
      key: 'results',
      data: '2-3',
      replacing: ({ data }) => ({ event: 'results', key: null, data: `${data},3` }),
    });
    let text = '';
    while (!text.includes('1-2')) text += await read();
    expect(text).toContain('data: 1-2,3\n');
  });

  it('ends with the server, and leaves what it looked at', async () => {
    const { abort, reader, leave, onEnd } = await setUp();
    abort.abort();
    expect((await reader.read()).done).toBe(true);
    expect(leave).toHaveBeenCalledOnce();
    expect(onEnd).toHaveBeenCalledOnce();
  });

  it('leaves when the page closes it', async () => {
    const { reader, leave } = await setUp();
    await reader.cancel();
    await vi.waitFor(() => expect(leave).toHaveBeenCalledOnce());
  });

  it('is ended where a page takes nothing: it comes back and says where it was', async () => {
    const { send, onEnd } = await setUp();
    send('t', { data: 'x'.repeat(70_000) });
    send('t', { data: 'x'.repeat(70_000) });
    for (let count = 0; count <= 2_001; count++) send('t', { event: 'reply', data: `${count}` });
    expect(onEnd).toHaveBeenCalledOnce();
  });
});

it.each(['', ',,,', ':', 'a', 'a:', ':b', '%:1', 'x'.repeat(100_000), '\u0000:\u0000'])(
  'a Last-Event-ID that is none of ours changes nothing: %j',
  (id) => {
    expect(() => readCursors(id)).not.toThrow();
  },
);
