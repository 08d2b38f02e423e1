const scheme = /^[a-z][a-z\d+.-]+:/i;

/** Removes user name and password from an address or a connection string, well-formed or not. */
export function withoutLogin(address: string): string {
  const at = address.lastIndexOf('@');
  const slashes = address.indexOf('//');
  // A password can contain a `/`, or the slashes can be missing.
  const start = slashes === -1 ? (scheme.exec(address)?.[0].length ?? at) : slashes + 2;
  const hidden = start < at ? `${address.slice(0, start)}…${address.slice(at)}` : address;
  return hidden.replace(/\b(password\s?=\s?)[^\s&;]+/gi, '$1…');
}
