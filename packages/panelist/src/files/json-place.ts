const tokens = /[{}[\],]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/** An object or array around what is read. */
interface Around {
  readonly isArray: boolean;
  /** Of the member that is read now. */
  key: string | number;
  /** In an object: whether the next text is a name. */
  expectsName: boolean;
}

/**
 * The line, from 1, on which something stands in a JSON text that `JSON.parse` takes. Where the path leads beyond what
 * is there, as for a property that is missing, it is the line of the innermost part that is.
 *
 * @param path as in `pages[0].elements[2].title`; empty for the whole
 */
export function lineOfJson(text: string, path: string): number {
  const wanted = Array.from(path.matchAll(/\[(\d+)\]|([^.[\]]+)/g), ([, index, name]) =>
    index === undefined ? (name as string) : Number(index),
  );
  const stack: Around[] = [];
  let best = { depth: 0, at: text.search(/\S/) };
  const visit = (at: number): void => {
    const isOnTheWay =
      stack.length <= wanted.length && stack.every(({ key }, depth) => key === wanted[depth]);
    if (isOnTheWay && stack.length > best.depth) best = { depth: stack.length, at };
  };
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const around = stack.at(-1);
    if (token === '{' || token === '[') {
      if (around?.isArray) visit(index);
      stack.push({ isArray: token === '[', key: token === '[' ? 0 : '', expectsName: token === '{' });
    } else if (token === '}' || token === ']') stack.pop();
    else if (token === ',') {
      if (around?.isArray) around.key = (around.key as number) + 1;
      else if (around !== undefined) around.expectsName = true;
    } else if (around?.expectsName) {
      around.key = JSON.parse(token) as string;
      around.expectsName = false;
      visit(index);
    } else if (around?.isArray) visit(index);
  }
  return text.slice(0, Math.max(0, best.at)).split('\n').length;
}
