import { describe, expect, it } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { ErrorHandler } from './error-handler.ts';
import type { RetryDecorator } from './retry-decorator.ts';

const clock = new VirtualClock();
const handler = new ErrorHandler({ clock });
const retry = handler.retryDecorator({ retryOn: [RateLimitError], maxRetries: 5, retryDelayMs: 2_000 });

/** Two refusals, then an answer; counts on the instance. */
class Client {
  readonly name = 'client';
  calls = 0;

  async ask(question: string, times = 1): Promise<string> {
    this.calls += 1;
    if (this.calls < 3) throw new RateLimitError();
    return `${this.name}: ${question.repeat(times)}`;
  }
}

/** What the decorator makes of `Client`'s method, put where a compiler would put it. */
function decorated(apply: (decorator: RetryDecorator, descriptor: PropertyDescriptor) => unknown): Client {
  class Decorated extends Client {}
  const descriptor = Object.getOwnPropertyDescriptor(Client.prototype, 'ask')!;
  Object.defineProperty(Decorated.prototype, 'ask', {
    ...descriptor,
    value: apply(retry, descriptor),
  });
  return new Decorated();
}

function context(kind: string): ClassMethodDecoratorContext<Client, Client['ask']> {
  return {
    kind,
    name: 'ask',
    static: false,
    private: false,
    metadata: {},
    addInitializer: () => {},
    access: { has: () => true, get: (client: Client) => client.ask },
  } as never;
}

const ways: [string, () => Client][] = [
  ['a TC39 method decorator', () => decorated((decorator, { value }) => decorator(value, context('method')))],
  [
    'a legacy method decorator',
    () => decorated((decorator, descriptor) => decorator(Client.prototype, 'ask', descriptor).value),
  ],
  ['a wrapper', () => decorated((decorator, { value }) => decorator(value))],
];

describe.each(ways)('as %s', (_, make) => {
  it('retries, and keeps this, the arguments, the name and the length', async () => {
    const client = make();
    const startedAt = clock.now();
    await expect(clock.runUntilSettled(client.ask('why? ', 2))).resolves.toBe('client: why? why? ');
    expect(client.calls).toBe(3);
    expect(clock.now() - startedAt).toBe(6_000);
    expect(client.ask.name).toBe('ask');
    expect(client.ask).toHaveLength(1);
  });

  it('heeds its options', async () => {
    const client = make();
    const fail = new Error('not a rate limit');
    Object.defineProperty(client, 'name', {
      get: () => {
        throw fail;
      },
    });
    client.calls = 3;
    await expect(client.ask('why?')).rejects.toBe(fail);
    expect(client.calls).toBe(4);
  });
});

describe('as a wrapper', () => {
  it('takes what map passes along for arguments of its own, not for a decorator’s', async () => {
    const [first, second] = [() => 1, async () => 2].map(
      handler.retryDecorator() as never,
    ) as (() => Promise<number>)[];
    await expect(first!()).resolves.toBe(1);
    await expect(second!()).resolves.toBe(2);
  });
});

describe('on something that isn’t a method', () => {
  const decorate = retry as (...args: unknown[]) => unknown;

  it.each([
    ['a field', () => decorate(undefined, context('field'))],
    ['a getter', () => decorate(() => 1, context('getter'))],
    ['a class', () => decorate(Client, { ...context('class'), name: 'Client' })],
    ['a legacy accessor', () => decorate(Client.prototype, 'ask', { get: () => 1 })],
    ['a legacy field', () => decorate(Client.prototype, 'ask')],
    ['no function', () => decorate('ask')],
  ])('refuses %s', (_, apply) => {
    expect(apply).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
