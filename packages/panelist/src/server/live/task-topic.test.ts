import type { TaskSummary } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { TaskTopic } from './task-topic.ts';
import type { TaskView } from './task-view.ts';
import type { LiveEvent, Subscriber } from './topic.ts';

function setUp() {
  const state = { revision: 1, completedCount: 0, inFlight: 0, requests: 0, now: 0, isGone: false };
  const view = (): TaskView =>
    ({
      taskId: 'task_1',
      status: 'running',
      totalCount: 10,
      completedCount: state.completedCount,
      successCount: state.completedCount,
      failedCount: 0,
      revision: state.revision,
    }) as TaskView;
  const topic = new TaskTopic({
    taskId: 'task_1',
    runs: {
      figures: (taskId) =>
        ({
          taskId,
          inFlight: state.inFlight,
          spending: {},
          wait: null,
          accounts: [{ requests: state.requests }],
        }) as never,
      fault: () => undefined,
    },
    read: async () =>
      state.isGone ? undefined : { summary: { status: 'running' } as TaskSummary, view: view() },
    spending: async () => null,
    now: () => state.now,
  });
  const events: LiveEvent[] = [];
  const subscriber: Subscriber = { send: (_, event) => void events.push(event) };
  const look = async (): Promise<LiveEvent[]> => {
    events.length = 0;
    await topic.look(new Set([subscriber]));
    return [...events];
  };
  return { state, topic, subscriber, events, look };
}

const names = (events: readonly LiveEvent[]): string[] => events.map(({ event }) => event);

describe('a task that pages look at', () => {
  it('is sent to a page that joins, and later only when it has changed', async () => {
    const { topic, subscriber, events, look, state } = setUp();
    await topic.join(subscriber, undefined);
    expect(names(events)).toEqual(['task']);
    await look();
    expect(await look()).toEqual([]);
    state.inFlight = 3;
    expect(names(await look())).toEqual(['task']);
  });

  it('announces results with the sequences between which they are, and that as the id', async () => {
    const { look, state, topic, subscriber } = setUp();
    await topic.join(subscriber, undefined);
    await look();
    Object.assign(state, { revision: 5, completedCount: 4 });
    const [results, task] = await look();
    expect(results).toMatchObject({ event: 'results', cursor: '5' });
    // Its cursor says that the results before it were announced.
    expect(task).toMatchObject({ event: 'task', cursor: '5' });
    expect(JSON.parse(results!.data)).toMatchObject({ after: 1, through: 5, completedCount: 4 });
    state.revision = 6;
    expect(names(await look())).toEqual(['task']);
  });

  it('tells a page that comes back what it has missed, and one that has missed nothing so', async () => {
    const { topic, subscriber, events, state } = setUp();
    Object.assign(state, { revision: 8, completedCount: 6 });
    await topic.join(subscriber, '3');
    expect(JSON.parse(events[0]!.data)).toMatchObject({ after: 3, through: 8 });
    events.length = 0;
    await topic.join(subscriber, '8');
    expect(names(events)).toEqual(['task']);
  });

  it('announces all results since the oldest event that a slow page has not taken', async () => {
    const { look, state, topic, subscriber } = setUp();
    await topic.join(subscriber, undefined);
    Object.assign(state, { revision: 5, completedCount: 4 });
    const [first] = await look();
    Object.assign(state, { revision: 9, completedCount: 8 });
    const [second] = await look();
    expect(JSON.parse(second!.replacing!(first!).data)).toMatchObject({ after: 1, through: 9 });
  });

  it('says once that it was deleted, and shows nothing of it to a page that joins then', async () => {
    const { look, state, topic, subscriber, events } = setUp();
    await topic.join(subscriber, undefined);
    state.isGone = true;
    expect(names(await look())).toEqual(['gone']);
    expect(await look()).toEqual([]);
    await topic.join(subscriber, undefined);
    expect(events).toEqual([]);
  });

  it('has counts that add up at every look', async () => {
    const { look, state } = setUp();
    Object.assign(state, { inFlight: 9, completedCount: 4, revision: 4 });
    const { progress } = JSON.parse((await look())[0]!.data);
    expect(progress.done + progress.failed + progress.inFlight + progress.waiting).toBe(progress.total);
  });

  it('shows requests a minute of the last ten seconds', async () => {
    const { look, state } = setUp();
    for (let second = 0; second <= 20; second += 1) {
      Object.assign(state, { now: second * 1_000, requests: second <= 10 ? 0 : (second - 10) * 5 });
      await look();
    }
    state.inFlight = 1;
    const { requestsPerMinute } = JSON.parse((await look())[0]!.data);
    expect(requestsPerMinute).toBe(300);
  });
});
