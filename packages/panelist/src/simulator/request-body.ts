import type { IncomingMessage } from 'node:http';

export const MAX_BODY_BYTES: number = 4 * 1024 * 1024;
/** How much of a body that is too long is read and thrown away, so that its sender gets to read the answer. */
const MAX_DISCARDED_BYTES = 16 * MAX_BODY_BYTES;

/** Reads a request's body and calls back with its text, or with `null` when it is over {@link MAX_BODY_BYTES}. */
export function readBody(request: IncomingMessage, whenRead: (text: string | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.on('end', () => whenRead(bytes > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8')));
}
