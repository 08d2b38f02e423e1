import { quote } from '@panelist/toolkit';
import { z } from 'zod';
import { parseJsonFile } from '../../files/json-syntax.ts';
import { readText } from '../../files/read-text.ts';
import { PanelistError } from '../../panelist-error.ts';
import { PriceTable } from './price-table.ts';

const maxBytes = 1_000_000;
const maxProblems = 3;

/**
 * The built-in prices, overridden by those of a file where there is one (JSON, or YAML where it ends in .yaml or .yml; UTF-8, at most
 * 1 MB): `{ "models": { "openai/gpt-5": { "input": 1.25, "output": 10 } } }`, in US dollars per million tokens.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, or `PRICES_INVALID` with where it is wrong
 */
export async function readPrices(path?: string): Promise<PriceTable> {
  if (path === undefined) return PriceTable.builtIn;
  let text = '';
  for await (const piece of readText(path, { what: 'price', invalidCode: 'PRICES_INVALID', maxBytes }))
    text += piece;
  const data = /\.ya?ml$/i.test(path)
    ? await parseYaml(text, path)
    : parseJsonFile(path, text, 'PRICES_INVALID');
  try {
    return PriceTable.builtIn.overriddenBy(PriceTable.from(data, { isOwn: true }));
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    const problems = cause.issues
      .slice(0, maxProblems)
      .map(({ path: place, message }) => `${place.map(String).join(' → ') || 'the file'}: ${message}`);
    throw new PanelistError(
      'PRICES_INVALID',
      `The price file ${quote(path)} does not fit. ${problems.join('; ')}. It holds US dollars per million tokens: {"models":{"openai/gpt-5":{"input":1.25,"output":10}}}`,
      { cause },
    );
  }
}

async function parseYaml(text: string, path: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    // No aliases: a few lines of them can unfold to gigabytes.
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new PanelistError('PRICES_INVALID', `${quote(path)} is not YAML. ${detail}`, { cause });
  }
}
