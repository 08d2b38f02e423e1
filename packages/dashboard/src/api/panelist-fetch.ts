import { ApiError } from './api-error.ts';

/**
 * `fetch` for the API: it marks requests as the page's own, and rejects for every status but success.
 *
 * @throws ApiError `UNREACHABLE` without a response; else with what the server said
 */
export async function panelistFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  // No form and no foreign page can send this header: the server refuses changes without it.
  headers.set('Panelist-Request', '1');
  let response: Response;
  try {
    response = await fetch(input, { ...init, headers, credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, { code: 'UNREACHABLE', detail: String(error) }, error);
  }
  if (response.ok) return response;
  throw new ApiError(response.status, await problemDetails(response));
}

async function problemDetails(response: Response): Promise<object> {
  try {
    const details: unknown = await response.json();
    return typeof details === 'object' && details !== null ? details : {};
  } catch {
    return {};
  }
}

/** A GET of the API. Members of `query` that are `undefined` or empty are left out. */
export async function getJson<T>(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
  signal?: AbortSignal,
): Promise<T> {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  const response = await panelistFetch(`/api/${path}${search}`, signal === undefined ? {} : { signal });
  return (await response.json()) as T;
}

/** A change through the API. */
export async function sendJson<T>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body: unknown = {},
  signal?: AbortSignal,
): Promise<T> {
  const response = await panelistFetch(`/api/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
