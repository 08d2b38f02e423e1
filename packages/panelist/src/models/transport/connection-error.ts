import { ModelCallError } from '../model-call-error.ts';

/** What undici or the system threw, as an error that says what happened and, if known, what to do. */
export function connectionError(error: unknown): Error {
  if (error instanceof ModelCallError || !(error instanceof Error)) return error as Error;
  const code = codeOf(error);
  // A fault of ours has no code.
  if (code === undefined) return error;
  if (code === 'EMFILE' || code === 'ENFILE') {
    return new ModelCallError(
      `No further connection can be opened: the limit of open files is reached (${code}). Raise it, for example with \`ulimit -n 4096\`, or lower the concurrency.`,
      { code: 'OPEN_FILE_LIMIT', cause: error },
    );
  }
  const status = refusalOfProxy(error);
  if (status !== undefined) {
    return new ModelCallError(
      status === 407
        ? 'The proxy wants a user name and a password, or others: put them into the proxy variable (HTTP_PROXY, HTTPS_PROXY).'
        : `The proxy opens no connection to the provider: it answered HTTP ${status}. Check HTTPS_PROXY, or list the host in NO_PROXY.`,
      { code: 'PROXY_REFUSED', statusCode: status, cause: error },
    );
  }
  return new ModelCallError(`The connection to the provider failed: ${messageOf(error)}`, {
    code,
    isRetryable: true,
    cause: error,
  });
}

function codeOf(error: Error): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : undefined;
}

/** undici has only words for it, no code. */
function refusalOfProxy({ message }: Error): number | undefined {
  if (message.startsWith('Proxy Authentication Required')) return 407;
  const status = /^Proxy response \((\d{3})\) !== 200 when HTTP Tunneling$/.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Where a name has several addresses, each has an error of its own and the whole has no message. */
function messageOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message || error.name;
  const messages = error.errors
    .slice(0, 4)
    .map((each) => (each instanceof Error ? each.message : String(each)));
  return messages.join('; ');
}
