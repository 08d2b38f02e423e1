/**
 * Takes a key out of an error before anybody logs or stores it: some providers repeat the key that they refuse. The
 * error keeps its class and identity; what it was caused by is cleaned too.
 */
export function redact(error: unknown, secret: string): unknown {
  if (secret === '') return error;
  for (
    let each: unknown = error, depth = 0;
    each instanceof Error && depth < 10;
    each = each.cause, depth += 1
  ) {
    if (each.message.includes(secret)) each.message = each.message.replaceAll(secret, '[API key]');
  }
  return error;
}
