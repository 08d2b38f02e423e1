type Value = string | number;

/** What SurveyJS's own names stand for in one row, entry or option; where texts and conditions differ, both. */
export type Literals = Readonly<Record<string, Value | { readonly condition: Value; readonly text: Value }>>;

/** What each rewritten condition or text was in the file that is being imported, for messages. */
const originals = new Map<string, string>();
const maxOriginals = 100_000;

/** Runs an import; what was rewritten for it is forgotten after it, since another file may write it otherwise. */
export function withOriginals<T>(run: () => T): T {
  // An import that was stopped has not run its `finally`.
  originals.clear();
  try {
    return run();
  } finally {
    originals.clear();
  }
}

/** A condition as the file has it. */
export function asWritten(expression: string): string {
  return originals.get(expression) ?? expression;
}

/**
 * One object of a survey file for one row, entry or option: what SurveyJS calls `{panel.x}`, `{row.x}`, `{item}` or
 * `{rowIndex}` there, written as what it is.
 *
 * @param prefixes `panel` → `pets[0]`: `{panel.name}` becomes `{pets[0].name}`
 * @param literals `item` → a value: a literal in expressions, and the bare value in texts
 */
export function bound<T>(raw: T, prefixes: Readonly<Record<string, string>>, literals: Literals = {}): T {
  return rewritten(raw, prefixes, literals, '') as T;
}

function rewritten(
  value: unknown,
  prefixes: Readonly<Record<string, string>>,
  literals: Literals,
  key: string,
): unknown {
  if (typeof value === 'string') {
    const isExpression = /(?:If|[eE]xpression)$/.test(key);
    if (!value.includes('{')) return value;
    const result = value.replace(/(['"]?)\{([^{}]+)\}\1/g, (all, quote: string, name: string) =>
      written(all, quote, name.trim(), isExpression),
    );
    if (result !== value && originals.size < maxOriginals) originals.set(result, asWritten(value));
    return result;
  }
  if (Array.isArray(value)) return value.map((each) => rewritten(each, prefixes, literals, key));
  if (typeof value !== 'object' || value === null) return value;
  // A text by language is under names of languages, and its kind is that of the text.
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === 'templateElements' && prefixes.panel !== undefined
        ? rewritten(each, inner(prefixes, prefixes.panel), withoutPanel(literals), name)
        : rewritten(each, prefixes, literals, name),
    ]),
  );

  // SurveyJS reads `'{item}'` in an expression as the item too.
  function written(all: string, quote: string, name: string, isExpression: boolean): string {
    const found = lookup(literals, name);
    if (found !== undefined) {
      const literal = typeof found === 'object' ? (isExpression ? found.condition : found.text) : found;
      return isExpression ? expressionLiteral(literal) : `${quote}${literal}${quote}`;
    }
    for (const [prefix, place] of Object.entries(prefixes)) {
      if (name.toLowerCase().startsWith(`${prefix.toLowerCase()}.`))
        return `${quote}{${place}${name.slice(prefix.length)}}${quote}`;
    }
    return all;
  }
}

/** In a dynamic panel inside another, `panel` is the inner one, and the outer one is called `parentPanel`. */
function inner(
  { panel: _, ...others }: Readonly<Record<string, string>>,
  outer: string,
): Record<string, string> {
  return { ...others, parentPanel: outer };
}

function withoutPanel({ panelIndex: _, visiblePanelIndex: __, ...others }: Literals): Literals {
  return others;
}

function lookup(literals: Literals, name: string): Literals[string] | undefined {
  if (Object.hasOwn(literals, name)) return literals[name];
  const key = Object.keys(literals).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : literals[key];
}

/** As SurveyJS's expressions write a value. */
export function expressionLiteral(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : String(value);
}
