import { afterEach, describe, expect, it, vi } from 'vitest';
import { ErrorHandler } from './error-handler.ts';

const boom = new Error('boom');
const fail = async (): Promise<number> => {
  throw boom;
};

function setUp() {
  const logger = { error: vi.fn<(message: string, error: unknown) => void>() };
  return { logger, handler: new ErrorHandler({ logger }) };
}

describe('safeExecute', () => {
  it('returns the result, and logs nothing', async () => {
    const { handler, logger } = setUp();
    await expect(handler.safeExecute(async () => 7, { defaultValue: null })).resolves.toBe(7);
    await expect(handler.safeExecute(() => 7)).resolves.toBe(7);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('returns the default value instead of any error, once, and logs it', async () => {
    const { handler, logger } = setUp();
    await expect(handler.safeExecute(fail, { defaultValue: null })).resolves.toBeNull();
    await expect(handler.safeExecute(fail)).resolves.toBeUndefined();
    expect(logger.error.mock.calls).toEqual([
      ['safeExecute: fail failed; the default value is returned.', boom],
      ['safeExecute: fail failed; the default value is returned.', boom],
    ]);
    const thrown = (): never => {
      throw undefined;
    };
    await expect(handler.safeExecute(thrown, { defaultValue: 'x' })).resolves.toBe('x');
    const programming = (): never => {
      throw new TypeError('x is not a function');
    };
    await expect(handler.safeExecute(programming, { defaultValue: 'x' })).resolves.toBe('x');
  });

  it('is silent with `silent`, and does not fail when its logger does', async () => {
    const { handler, logger } = setUp();
    await expect(handler.safeExecute(fail, { defaultValue: 0, logError: false })).resolves.toBe(0);
    expect(logger.error).not.toHaveBeenCalled();
    logger.error.mockImplementation(() => {
      throw new Error('the disk is full');
    });
    await expect(handler.safeExecute(fail, { defaultValue: 0 })).resolves.toBe(0);
  });

  it('lets an abort through, unless asked otherwise', async () => {
    const { handler, logger } = setUp();
    const abort = new DOMException('stop', 'AbortError');
    const aborted = async (): Promise<never> => {
      throw abort;
    };
    await expect(handler.safeExecute(aborted, { defaultValue: 0 })).rejects.toBe(abort);
    expect(logger.error).not.toHaveBeenCalled();
    await expect(handler.safeExecute(aborted, { defaultValue: 0, catchAbort: true })).resolves.toBe(0);
  });

  it('lets the abort of its signal through whatever its reason, and does not start after it', async () => {
    const { handler } = setUp();
    const signal = AbortSignal.abort(boom);
    const fn = vi.fn(fail);
    await expect(handler.safeExecute(fn, { defaultValue: 0, signal })).rejects.toBe(boom);
    expect(fn).not.toHaveBeenCalled();
    await expect(handler.safeExecute(fn, { defaultValue: 0, signal, catchAbort: true })).resolves.toBe(0);
  });

  it('refuses what isn’t a function', async () => {
    const { handler } = setUp();
    await expect(handler.safeExecute(7 as never, { defaultValue: 0 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'safeExecute needs a function, got 7.',
    });
  });
});

describe('the default logger', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('writes the stack, and neither the fields of the error nor control characters', async () => {
    const write = vi.spyOn(console, 'error').mockImplementation(() => {});
    const error = Object.assign(new Error('no\u001b[31m entry'), {
      config: { headers: { authorization: 'sk-1' } },
    });
    await new ErrorHandler().safeExecute(() => Promise.reject(error), { defaultValue: 0 });
    await new ErrorHandler().safeExecute(() => Promise.reject('text'), { defaultValue: 0 });
    const written = write.mock.calls.map(([line]) => String(line));
    expect(written[0]).toContain(
      'the function failed; the default value is returned.\nError: no�[31m entry\n    at ',
    );
    expect(written[0]).not.toContain('sk-1');
    expect(written[1]).toContain('\ntext');
  });

  it('survives an error that cannot be shown', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const unprintable = Object.create(null);
    await expect(
      new ErrorHandler().safeExecute(() => Promise.reject(unprintable), { defaultValue: 0 }),
    ).resolves.toBe(0);
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('cannot be shown'));
  });
});
