type Replacements = Readonly<Record<string, string | number>>;

/**
 * One object of a survey file for one row, entry or option: what SurveyJS calls `{panel.x}`, `{row.x}`, `{item}` or
 * `{rowIndex}` there, written as what it is.
 *
 * @param prefixes `panel` → `pets[0]`: `{panel.name}` becomes `{pets[0].name}`
 * @param literals `item` → a value: a literal in expressions, and the bare value in texts
 */
export function bound<T>(raw: T, prefixes: Readonly<Record<string, string>>, literals: Replacements = {}): T {
  return rewritten(raw, prefixes, literals, '') as T;
}

function rewritten(
  value: unknown,
  prefixes: Readonly<Record<string, string>>,
  literals: Replacements,
  key: string,
): unknown {
  if (typeof value === 'string') {
    const isExpression = /(?:If|[eE]xpression)$/.test(key);
    return value.includes('{')
      ? value.replace(/(['"]?)\{([^{}]+)\}\1/g, (all, quote: string, name: string) =>
          written(all, quote, name.trim(), isExpression),
        )
      : value;
  }
  if (Array.isArray(value)) return value.map((each) => rewritten(each, prefixes, literals, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      // A text by language stands under names of languages, and its kind is that of the text.
      rewritten(each, prefixes, literals, name),
    ]),
  );

  // SurveyJS reads `'{item}'` in an expression as the item too.
  function written(all: string, quote: string, name: string, isExpression: boolean): string {
    const literal = Object.hasOwn(literals, name) ? literals[name] : undefined;
    if (literal !== undefined)
      return isExpression ? expressionLiteral(literal) : `${quote}${literal}${quote}`;
    for (const [prefix, place] of Object.entries(prefixes)) {
      if (name.startsWith(`${prefix}.`)) return `${quote}{${place}${name.slice(prefix.length)}}${quote}`;
    }
    return all;
  }
}

/** As SurveyJS's expressions write a value. */
export function expressionLiteral(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : String(value);
}
