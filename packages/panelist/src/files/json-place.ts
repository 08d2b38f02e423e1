const tokens = /[{}[\],]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/** A part of a JSON text that is wanted, or contains a wanted part. */
interface Wanted {
  /** The index where it begins; `null` until it is found. */
  at: number | null;
  readonly parts: Map<string | number, Wanted>;
}

/** An object or array that is open at the current position. */
interface Around {
  readonly isArray: boolean;
  /** The wanted part that it corresponds to; `undefined` if none. */
  readonly wanted: Wanted | undefined;
  /** The key of the current member. */
  key: string | number;
  /** True if the next string is a name of an object's member. */
  expectsName: boolean;
}

/** The line of one path, like `linesOfJson`. */
export function lineOfJson(text: string, path: string): number {
  return linesOfJson(text, [path])[0] as number;
}

/**
 * Finds the lines, from 1, on which paths begin in a JSON text that `JSON.parse` accepts. If a path does not exist, such as
 * that of a missing property, the result is the line of its innermost existing part. The text is read once.
 *
 * @param paths like `pages[0].elements[2].title`; an empty path is the whole text
 */
export function linesOfJson(text: string, paths: readonly string[]): number[] {
  const root: Wanted = { at: Math.max(0, text.search(/\S/)), parts: new Map() };
  const ways = paths.map((path) => wayTo(root, path));
  find(text, root);
  const places = ways.map((way) => way.findLast(({ at }) => at !== null)?.at ?? 0);
  const lines = new Map<number, number>();
  let line = 1;
  let from = 0;
  for (const place of [...new Set(places)].sort((a, b) => a - b)) {
    line += text.slice(from, place).split('\n').length - 1;
    from = place;
    lines.set(place, line);
  }
  return places.map((place) => lines.get(place) as number);
}

/** The parts on the way to a path, outermost first. */
function wayTo(root: Wanted, path: string): Wanted[] {
  const way = [root];
  for (const [, index, name] of path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)) {
    const key = index === undefined ? (name as string) : Number(index);
    const { parts } = way.at(-1) as Wanted;
    const part = parts.get(key) ?? { at: null, parts: new Map() };
    parts.set(key, part);
    way.push(part);
  }
  return way;
}

/** Records where each wanted part begins. */
function find(text: string, root: Wanted): void {
  const stack: Around[] = [];
  const visit = (at: number): void => {
    const around = stack.at(-1);
    const part = around?.wanted?.parts.get(around.key);
    if (part !== undefined) part.at ??= at;
  };
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const around = stack.at(-1);
    if (token === '{' || token === '[') {
      if (around?.isArray) visit(index);
      const wanted = around === undefined ? root : around.wanted?.parts.get(around.key);
      const isArray = token === '[';
      stack.push({ isArray, wanted, key: isArray ? 0 : '', expectsName: !isArray });
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
}
