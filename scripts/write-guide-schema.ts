import { writeFile } from 'node:fs/promises';
import { guideJsonSchema } from '../packages/panelist/src/focus-group/guide/guide-schema.ts';

/** Writes the JSON Schema of focus group guides to its published file. A test fails if that is out of date. */
const file = new URL('../packages/panelist/focus-group-guide.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(guideJsonSchema(), null, 2)}\n`);
