import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ran, runInFolder } from './run-in-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const guide = `title: Lunch
model: simulator
seed: 1
participants:
  audience: people.csv
rounds:
  - message: What is for lunch?
  - message: And tomorrow?
`;
const people = 'id,name,age\n1,Ada,34\n2,Bo,67\n3,Cy,23\n';

/** A folder with a guide and an audience of three, and `panelist focus-group …` in it, in this process. */
export async function lunch(): Promise<
  { path: string; panelist: (...args: string[]) => Promise<Ran> } & AsyncDisposable
> {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, 'lunch.guide.yaml'), guide);
  await writeFile(join(folder.path, 'people.csv'), people);
  return {
    path: folder.path,
    panelist: (...args) => runInFolder(['focus-group', ...args], { cwd: folder.path }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
