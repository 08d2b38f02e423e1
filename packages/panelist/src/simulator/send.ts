import type { ServerResponse } from 'node:http';
import type { ApiError } from './api-error.ts';

type Headers = Readonly<Record<string, string>>;

export function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Headers = {},
): void {
  send(response, status, 'application/json', json, headers);
}

export function sendError(response: ServerResponse, error: ApiError, headers: Headers = {}): void {
  sendJson(response, error.status, error.body(), { ...headers, ...error.headers });
}

/** The one way out: every response says that a simulator sent it. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
  headers: Headers = {},
): void {
  response.writeHead(status, responseHeaders(contentType, Buffer.byteLength(text), headers));
  // As a string, which Node sends in one piece with the headers; a buffer would cost a second system call's work.
  response.end(text);
}

/** Announces all of `json`, sends half of it, and cuts the connection. */
export function sendCutShort(response: ServerResponse, json: string): void {
  const body = Buffer.from(json);
  response.writeHead(200, responseHeaders('application/json', body.length, {}));
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

function responseHeaders(
  contentType: string,
  length: number,
  headers: Headers,
): Record<string, string | number> {
  return {
    'content-type': contentType,
    'content-length': length,
    'x-panelist-simulator': 'true',
    ...headers,
  };
}
