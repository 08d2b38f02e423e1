/**
 * Walks a JSON text once, in linear time whatever it holds: calls `visit` with the bounds of each part that lies
 * outside of its strings, in turn. A string without an end reaches to the end of the text.
 */
export function outsideOfStrings(json: string, visit: (start: number, end: number) => void): void {
  for (let start = 0; ; ) {
    const quote = json.indexOf('"', start);
    if (quote === -1) {
      visit(start, json.length);
      return;
    }
    visit(start, quote);
    const end = endOfString(json, quote + 1);
    if (end === -1) return;
    start = end + 1;
  }
}

function endOfString(json: string, from: number): number {
  for (let at = from; ; ) {
    const quote = json.indexOf('"', at);
    if (quote === -1) return -1;
    let backslashes = 0;
    while (quote - backslashes > at && json[quote - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    at = quote + 1;
  }
}
