import { quote } from '@panelist/toolkit';
import {
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import { jsonProblem } from '../../files/json-syntax.ts';
import { foreignLine } from '../../text/foreign-line.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

/** Characters of a line that is quoted. */
const maxExcerpt = 100;

/** Keys and indexes from the guide down to one of its parts. */
export type Path = readonly (string | number)[];

/** Lines, and entries of lists and maps: a hundred rounds take some thousands. The parser takes 10 KB of memory for each. */
const maxParts = 20_000;

/** A guide file that was parsed: what it holds, and where each part of it is. */
export interface GuideDocument {
  readonly value: unknown;
  /** Of the nearest part there is. */
  positionOf(path: Path, isName: boolean): Position;
}

/** From 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionText({ line, column }: Position): string {
  return `line ${line}, column ${column}`;
}

/**
 * Parses YAML 1.2 or JSON.
 *
 * @param isJson whether the file is called JSON: then its syntax errors are reported as those of JSON
 * @throws Error that says what is wrong and where
 */
export function parseGuideDocument(text: string, isJson: boolean): GuideDocument {
  if (isJson) checkJson(text);
  const parts = text.match(/[\n[{,]|: |- /g)?.length ?? 0;
  if (parts > maxParts) throw new Error(`it has ${parts} lines and entries; at most ${maxParts}`);
  const lines = new LineCounter();
  // The parser compares every key with every other.
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines, uniqueKeys: false });
  const [error] = document.errors;
  if (error) throw new Error(`it is not YAML. ${yamlProblem(error, text, lines)}`, { cause: error });
  const positionOfNode = (node: Node | undefined): Position => {
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  visit(document, {
    Map(_, map) {
      const names = new Set<string>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (names.has(name) && isNode(key))
          throw new Error(`${positionText(positionOfNode(key))}: ${quote(name)} is there twice`);
        names.add(name);
      }
    },
  });
  const nodeAt = (path: Path): Node | undefined => {
    const found = path.length === 0 ? document.contents : document.getIn(path, true);
    return isNode(found) ? found : undefined;
  };
  return {
    // Aliases are bounded: a small file could unfold into one that fills the memory.
    value: document.toJS({ maxAliasCount: 100 }),
    positionOf(path, isName) {
      let node = isName ? nameAt(nodeAt(path.slice(0, -1)), path.at(-1)) : undefined;
      for (let length = path.length; node === undefined && length >= 0; length--)
        node = nodeAt(path.slice(0, length));
      return positionOfNode(node);
    },
  };
}

function nameAt(parent: Node | undefined, name: string | number | undefined): Node | undefined {
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(name));
  return isNode(pair?.key) ? pair.key : undefined;
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Error(`it is not JSON. ${jsonProblem('guide.json', text)}`, { cause });
  }
}

/** The line of the file is indented, and on one line: it could look like one of ours. */
function yamlProblem({ message, pos: [at] }: YAMLParseError, text: string, lines: LineCounter): string {
  const { line, col } = lines.linePos(Math.max(0, at));
  const start = lines.lineStarts[line - 1] ?? 0;
  const excerpt = terminalSafe(text.slice(start, start + maxExcerpt).split('\n', 1)[0] ?? '');
  return `line ${Math.max(1, line)}, column ${Math.max(1, col)}: ${foreignLine(message)}, here:\n  ${excerpt}`;
}
