import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@panelist/toolkit';
import { makeOutputFolder } from '../../application/output-folder.ts';
import { PanelistError } from '../../panelist-error.ts';
import { MANIFEST } from '../../version.ts';
import type { Command } from '../command.ts';
import { CONFIG_FILE } from '../program-names.ts';
import type { Terminal } from '../terminal.ts';

const TEMPLATES = new URL('templates/', MANIFEST);

/** What is written, and what it is for. */
const files = [
  ['survey.json', 'a survey, SurveyJS JSON'],
  ['audience.csv', 'eight personas, one a line'],
  ['focus-group.guide.yaml', "a focus group's guide"],
  [CONFIG_FILE, 'defaults for flags; the model is a simulator until you name another'],
] as const;

export function defineInit(init: Command, terminal: Terminal): void {
  init
    .description('Writes files to start from into a folder. It overwrites nothing.')
    .argument('[folder]', 'where to; made if it is not there', '.')
    .action(async (folder) => {
      const taken = files.map(([name]) => join(folder, name)).filter((path) => existsSync(path));
      if (taken.length > 0) {
        throw new PanelistError(
          'FILE_EXISTS',
          `${taken.map((path) => quote(path)).join(', ')} ${taken.length === 1 ? 'is' : 'are'} there already; nothing was written. Give another folder: \`panelist init FOLDER\`.`,
        );
      }
      await makeOutputFolder(folder);
      for (const [name] of files)
        await writeNew(join(folder, name), await readFile(new URL(name, TEMPLATES)));
      const widest = Math.max(...files.map(([name]) => name.length));
      terminal.out(`Wrote into ${folder === '.' ? 'this folder' : quote(folder)}:
${files.map(([name, what]) => `  ${name.padEnd(widest)}  ${what}`).join('\n')}

Then${folder === '.' ? '' : `, in ${quote(folder)}`}:
  panelist survey check survey.json
  panelist survey deploy survey.json --audience audience.csv
  panelist focus-group run focus-group.guide.yaml
`);
    });
}

/** A file that came into being meanwhile is not overwritten either. */
async function writeNew(path: string, content: Uint8Array): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PanelistError('FILE_NOT_WRITABLE', `Cannot write ${quote(path)}: ${reason}.`, { cause });
  }
}
