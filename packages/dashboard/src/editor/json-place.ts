import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';

/** A survey of megabytes takes longer: its completions come a moment later then. */
const MAX_PARSE_MS = 500;

/** An object or list around a place in a JSON text, seen from inside. */
export interface JsonStep {
  /** The key or the index that leads to it; `null` for the outermost. */
  readonly key: string | number | null;
  /** The text members of an object, such as its `type`. */
  readonly texts: Readonly<Record<string, string>>;
  /** Its keys. */
  readonly keys: readonly string[];
}

/** Where something is being typed. */
export interface JsonPlace {
  /** From the outermost object to the innermost. */
  readonly steps: readonly JsonStep[];
  /** A key of the innermost object, or the value of one. */
  readonly at: 'key' | { readonly valueOf: string };
  /** What is typed so far, with its quotes. */
  readonly from: number;
  readonly to: number;
}

/** Finds out where in a JSON text a position is; `null` where nothing can be completed. */
export function jsonPlace(state: EditorState, position: number): JsonPlace | null {
  // CodeMirror parses in the background: on a slow machine it may not have come so far.
  const tree = ensureSyntaxTree(state, position, MAX_PARSE_MS) ?? syntaxTree(state);
  const node = tree.resolveInner(position, -1);
  const { name, parent } = node;
  if (parent === null) return null;
  const isWord = name === 'String' || name === 'PropertyName';
  const [from, to] = isWord ? [node.from, node.to] : [position, position];
  if (name === 'PropertyName') return { steps: stepsTo(state, parent.parent), at: 'key', from, to };
  if (parent.name === 'Property' || name === 'Property') {
    const property = name === 'Property' ? node : parent;
    const key = keyOf(state, property);
    const hasValue = key !== null && node.from >= (property.getChild('PropertyName')?.to ?? 0);
    if (!hasValue && name !== 'Property') return null;
    return key === null ? null : { steps: stepsTo(state, property.parent), at: { valueOf: key }, from, to };
  }
  if (name === 'Object') return { steps: stepsTo(state, node), at: 'key', from, to };
  // An unfinished key.
  if (parent.name === 'Object') return { steps: stepsTo(state, parent), at: 'key', from, to };
  return null;
}

function stepsTo(state: EditorState, innermost: SyntaxNode | null): JsonStep[] {
  const steps: JsonStep[] = [];
  for (let node = innermost; node !== null; node = node.parent) {
    if (node.name !== 'Object' && node.name !== 'Array') continue;
    const { parent } = node;
    const key =
      parent?.name === 'Property' ? keyOf(state, parent) : parent?.name === 'Array' ? indexOf(node) : null;
    steps.unshift({ key, ...membersOf(state, node) });
  }
  return steps;
}

function membersOf(state: EditorState, node: SyntaxNode): Pick<JsonStep, 'texts' | 'keys'> {
  const texts: Record<string, string> = Object.create(null);
  const keys: string[] = [];
  if (node.name === 'Object')
    for (const property of node.getChildren('Property')) {
      const key = keyOf(state, property);
      if (key === null) continue;
      keys.push(key);
      const value = property.getChild('String');
      if (value !== null) texts[key] = textOf(state, value) ?? '';
    }
  return { texts, keys };
}

function keyOf(state: EditorState, property: SyntaxNode): string | null {
  const name = property.getChild('PropertyName');
  return name && textOf(state, name);
}

function textOf(state: EditorState, { from, to }: SyntaxNode): string | null {
  try {
    return JSON.parse(state.sliceDoc(from, to)) as string;
  } catch {
    return null;
  }
}

function indexOf(node: SyntaxNode): number {
  let index = 0;
  for (let before = node.prevSibling; before !== null; before = before.prevSibling)
    if (!/^[[\],⚠]$/.test(before.name)) index += 1;
  return index;
}
