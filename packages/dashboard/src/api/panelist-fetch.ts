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
  const isChange = init.method !== undefined && init.method !== 'GET';
  // The same for the content type: also a change without content has it.
  if (isChange && !headers.has('Content-Type')) headers.set('Content-Type', 'application/json');
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
