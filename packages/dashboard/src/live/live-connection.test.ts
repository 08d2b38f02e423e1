import { beforeEach, describe, expect, it, vi } from 'vitest';
import { atMostEvery } from './at-most-every.ts';
import { type EventStream, LiveConnection } from './live-connection.ts';
import type { LiveEvent } from './live-event.ts';

class FakeStream implements EventStream {
  readyState = 0;
  readonly #listeners = new Map<string, (event: { readonly data?: unknown }) => void>();

  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  send(type: string, data?: unknown): void {
    this.#listeners.get(type)?.(data === undefined ? {} : { data: JSON.stringify(data) });
  }

  opened(instance = 'a'): void {
    this.readyState = 1;
    this.send('open');
    this.send('server', { instance, startedAt: '2026-01-01T00:00:00Z' });
  }

  /** @param readyState 0: the browser reconnects; 2: it doesn't */
  failed(readyState: 0 | 2): void {
    this.readyState = readyState;
    this.send('error');
  }
}

/** A clock whose time passes when it is told. */
class Timers {
  #now = 0;
  readonly #due: { at: number; run: () => void }[] = [];

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + ms, run };
    this.#due.push(timer);
    return () => {
      const index = this.#due.indexOf(timer);
      if (index >= 0) this.#due.splice(index, 1);
    };
  };

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      this.#due.splice(this.#due.indexOf(next), 1);
      next.run();
    }
    this.#now = until;
  }
}

let timers: Timers;
let streams: FakeStream[];
let connection: LiveConnection;
const last = (): FakeStream => streams.at(-1) as FakeStream;

beforeEach(() => {
  timers = new Timers();
  streams = [];
  connection = new LiveConnection({
    open: (address) => {
      const stream = new FakeStream(address);
      streams.push(stream);
      return stream;
    },
    after: timers.after,
    random: () => 0.5,
  });
});

function begin(): void {
  connection.resume();
  timers.advance(0);
  last().opened();
}

describe('one stream for the page', () => {
  it('names everything that is watched, once', () => {
    connection.watch({ kind: 'task', id: 'task_b' }, () => {});
    connection.watch({ kind: 'task', id: 'task_a' }, () => {});
    connection.watch({ kind: 'task', id: 'task_a' }, () => {});
    connection.watch({ kind: 'group', id: 'g' }, () => {});
    connection.watch({ kind: 'list' }, () => {});
    begin();
    expect(streams.map(({ address }) => address)).toEqual([
      '/api/events?tasks=task_a,task_b&groups=g&list=1',
    ]);
  });

  it('is reopened once when a page is replaced by another', () => {
    const leave = connection.watch({ kind: 'list' }, () => {});
    begin();
    leave();
    connection.watch({ kind: 'task', id: 'task_a' }, () => {});
    timers.advance(1_000);
    expect(streams.map(({ address }) => address)).toEqual(['/api/events?list=1', '/api/events?tasks=task_a']);
    expect(streams[0]?.readyState).toBe(2);
  });

  it('stays when a component asks for what is watched already', () => {
    connection.watch({ kind: 'list' }, () => {});
    begin();
    connection.watch({ kind: 'list' }, () => {});
    timers.advance(1_000);
    expect(streams).toHaveLength(1);
  });

  it('tells an event to those who watch its subject, also to those who come later', () => {
    const heard: string[] = [];
    connection.watch({ kind: 'task', id: 'task_a' }, ({ type }) => heard.push(`a ${type}`));
    connection.watch({ kind: 'task', id: 'task_b' }, ({ type }) => heard.push(`b ${type}`));
    begin();
    last().send('task', { task: { taskId: 'task_a' } });
    last().send('results', { taskId: 'task_b', through: 3, completedCount: 4 });
    connection.watch({ kind: 'task', id: 'task_a' }, ({ type }) => heard.push(`late ${type}`));
    expect(heard).toEqual(['a opened', 'b opened', 'a task', 'b results', 'late task']);
  });

  it('tells those who watch when it has their subject for the first time', () => {
    const heard: string[] = [];
    connection.watch({ kind: 'task', id: 'task_a' }, ({ type }) => heard.push(`task ${type}`));
    begin();
    connection.watch({ kind: 'list' }, ({ type }) => heard.push(`list ${type}`));
    expect(heard).toEqual(['task opened']);
    timers.advance(50);
    last().opened();
    expect(heard).toEqual(['task opened', 'task reopened', 'list opened']);
  });

  it('tells that a task is gone, and says nothing of it to those who come later', () => {
    const heard: LiveEvent[] = [];
    connection.watch({ kind: 'task', id: 'task_a' }, (event) => heard.push(event));
    connection.watch({ kind: 'task', id: 'task_b' }, ({ type }) => expect(type).not.toBe('gone'));
    begin();
    last().send('task', { task: { taskId: 'task_a' } });
    last().send('gone', { taskId: 'task_a' });
    expect(heard.at(-1)).toEqual({ type: 'gone', taskId: 'task_a' });
    const late = vi.fn();
    connection.watch({ kind: 'task', id: 'task_a' }, late);
    expect(late).not.toHaveBeenCalled();
  });

  it('ignores data other than JSON, and events of a stream that was replaced', () => {
    const heard: LiveEvent[] = [];
    connection.watch({ kind: 'list' }, (event) => heard.push(event));
    begin();
    const first = last();
    connection.watch({ kind: 'group', id: 'g' }, () => {});
    timers.advance(50);
    first.send('tasks', { changed: [], removed: [] });
    last().send('tasks');
    expect(heard.filter(({ type }) => type === 'tasks')).toEqual([]);
  });
});

describe('a lost connection', () => {
  it('is reopened after 1, 2, 4 … 15 s where the browser gives up', () => {
    connection.watch({ kind: 'list' }, () => {});
    begin();
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      last().failed(2);
      expect(connection.state).toBe('reconnecting');
      const before = streams.length;
      let waited = 0;
      while (streams.length === before && waited < 60) {
        timers.advance(500);
        waited += 0.5;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([1, 2, 4, 8, 15, 15]);
    last().opened();
    expect(connection.state).toBe('live');
    // And again from the beginning.
    const before = streams.length;
    last().failed(2);
    timers.advance(1_000);
    expect(streams).toHaveLength(before + 1);
  });

  it('is left to the browser while that reconnects', () => {
    begin();
    for (let attempt = 0; attempt < 5; attempt += 1) last().failed(0);
    timers.advance(60_000);
    expect([connection.state, streams.length]).toEqual(['reconnecting', 1]);
    last().opened();
    expect(connection.state).toBe('live');
  });

  it('makes those who were there before it read again, once it is back', () => {
    const heard: string[] = [];
    connection.watch({ kind: 'list' }, ({ type }) => heard.push(`first ${type}`));
    begin();
    connection.watch({ kind: 'list' }, ({ type }) => heard.push(`second ${type}`));
    timers.advance(50);
    heard.length = 0;
    last().failed(2);
    timers.advance(1_000);
    connection.watch({ kind: 'list' }, ({ type }) => heard.push(`third ${type}`));
    last().opened();
    expect(heard).toEqual(['first reopened', 'second reopened', 'third opened']);
  });

  it('takes what is watched by then', () => {
    connection.watch({ kind: 'list' }, () => {});
    begin();
    last().failed(2);
    connection.watch({ kind: 'task', id: 'task_a' }, () => {});
    timers.advance(999);
    expect(streams).toHaveLength(1);
    timers.advance(1);
    expect(last().address).toBe('/api/events?tasks=task_a&list=1');
  });

  it('takes what is watched by then where the browser has reconnected, too', () => {
    begin();
    last().failed(0);
    connection.watch({ kind: 'list' }, () => {});
    last().opened();
    timers.advance(50);
    expect(streams.map(({ address }) => address)).toEqual(['/api/events', '/api/events?list=1']);
  });

  it('gives up after the browser does, as if it were the first time', () => {
    begin();
    for (let attempt = 0; attempt < 5; attempt += 1) last().failed(0);
    last().failed(2);
    timers.advance(1_000);
    expect(streams).toHaveLength(2);
  });

  it('is told as a restart only where another process answers', () => {
    const restarted = vi.fn();
    connection.onRestart(restarted);
    begin();
    last().failed(0);
    last().opened('a');
    expect(restarted).not.toHaveBeenCalled();
    last().failed(0);
    last().opened('b');
    expect(restarted).toHaveBeenCalledOnce();
  });
});

it('holds no connection while it is paused', () => {
  connection.watch({ kind: 'list' }, () => {});
  begin();
  connection.pause();
  connection.watch({ kind: 'group', id: 'g' }, () => {});
  timers.advance(60_000);
  expect([streams.length, streams[0]?.readyState, connection.state]).toEqual([1, 2, 'paused']);
  connection.resume();
  timers.advance(0);
  expect(last().address).toBe('/api/events?groups=g&list=1');
});

describe('at most every', () => {
  it('runs the first call at once and the last one later', () => {
    const run = vi.fn();
    const throttled = atMostEvery(1_000, run, timers.after);
    for (let call = 0; call < 5; call += 1) throttled.call();
    expect(run).toHaveBeenCalledTimes(1);
    timers.advance(1_000);
    expect(run).toHaveBeenCalledTimes(2);
    timers.advance(5_000);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('runs now and once more for what is called twice', () => {
    const run = vi.fn();
    const throttled = atMostEvery(1_000, run, timers.after);
    throttled.callTwice();
    expect(run).toHaveBeenCalledTimes(1);
    timers.advance(5_000);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('forgets a call that is cancelled', () => {
    const run = vi.fn();
    const throttled = atMostEvery(1_000, run, timers.after);
    throttled.call();
    throttled.call();
    throttled.cancel();
    timers.advance(5_000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
