import { type ClientResponse, hc } from 'hono/client';
import type { AppType, ProblemDetails } from 'panelist/server';
import { panelistFetch } from './panelist-fetch.ts';

/** The server's API, typed by its own routes. Every call goes through `panelistFetch`. */
export const api = hc<AppType>('/', { fetch: panelistFetch }).api;

/** What a call gives where it succeeds; `panelistFetch` throws the problems. */
export type Value<Response> =
  Response extends ClientResponse<infer T, infer _, 'json'> ? Exclude<T, ProblemDetails> : never;

/** The content of a response. @throws ApiError as `panelistFetch` */
export async function read<Response extends ClientResponse<unknown, number, string>>(
  response: Promise<Response>,
): Promise<Value<Response>> {
  return (await response).json() as Promise<Value<Response>>;
}
