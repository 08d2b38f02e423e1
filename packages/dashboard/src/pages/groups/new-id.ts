/** A name for one request: sent again under it, it is done once. `randomUUID` is there over HTTPS only. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
