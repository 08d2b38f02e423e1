import { checkOption } from '../options/check.ts';

/** What `ErrorHandler.retryDecorator` returns: a decorator of either kind, and a function that wraps functions. */
export interface RetryDecorator {
  /** A standard (TC39) method decorator. */
  <This, Args extends unknown[], R>(
    method: (this: This, ...args: Args) => Promise<R>,
    context: ClassMethodDecoratorContext<This, (this: This, ...args: Args) => Promise<R>>,
  ): (this: This, ...args: Args) => Promise<R>;
  /** A legacy method decorator (`experimentalDecorators`). */
  <M extends (...args: never[]) => Promise<unknown>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): TypedPropertyDescriptor<M>;
  /** Wraps a function, sync or async: `this`, arguments and types stay the same. */
  <This, Args extends unknown[], R>(
    fn: (this: This, ...args: Args) => R | PromiseLike<R>,
  ): (this: This, ...args: Args) => Promise<R>;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Makes a decorator of something that runs a function with retries. */
export function makeRetryDecorator(retry: (fn: () => unknown) => Promise<unknown>): RetryDecorator {
  const wrap = (fn: AnyFunction): AnyFunction => {
    const wrapped = function (this: unknown, ...args: unknown[]): Promise<unknown> {
      return retry(() => fn.apply(this, args));
    };
    Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true });
    Object.defineProperty(wrapped, 'length', { value: fn.length, configurable: true });
    return wrapped;
  };
  const decorate = (target: unknown, where?: unknown, descriptor?: unknown): unknown => {
    if (typeof where === 'string' || typeof where === 'symbol') {
      const { value } = (descriptor ?? {}) as PropertyDescriptor;
      return { ...(descriptor as PropertyDescriptor), value: wrap(method(value, where)) };
    }
    if (isDecoratorContext(where) && where.kind !== 'method') method(undefined, where.name);
    return wrap(method(target, 'the argument'));
  };
  return decorate as RetryDecorator;
}

function isDecoratorContext(
  value: unknown,
): value is ClassMethodDecoratorContext | ClassGetterDecoratorContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'addInitializer' in value;
}

function method(value: unknown, name: string | symbol): AnyFunction {
  const expected = `retryDecorator decorates methods and wraps functions: ${String(name)} must be one`;
  checkOption(typeof value === 'function', expected, value);
  return value as AnyFunction;
}
