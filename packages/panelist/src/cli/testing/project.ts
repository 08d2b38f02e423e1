import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ran, runInProcess } from './run-in-process.ts';

const GUIDE = `title: Lunch
model: simulator
participants: { audience: people.csv }
rounds: [{ message: What is for lunch? }]
`;

export interface Project extends AsyncDisposable {
  readonly taskId: string;
  readonly path: (name: string) => string;
  readonly run: (...args: string[]) => Promise<Ran>;
  readonly deploy: readonly string[];
  readonly hold: readonly string[];
}

/** A folder in which a survey has been asked and a group been held. */
export async function project(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'panelist-output-'));
  const path = (name: string): string => join(folder, name);
  const run = (...args: string[]): Promise<Ran> => runInProcess([...args, '--database', path('panelist.db')]);
  await writeFile(
    path('s.json'),
    '{"elements":[{"type":"boolean","name":"tea","title":"Do you drink tea?"}]}',
  );
  await writeFile(path('people.csv'), 'id,name,age\n1,Ada,34\n2,Bo,67\n');
  await writeFile(path('lunch.yaml'), GUIDE);
  const people = ['--audience', path('people.csv'), '--model', 'simulator'];
  const deploy = ['survey', 'deploy', path('s.json'), ...people, '--out', path('survey')];
  const hold = ['focus-group', 'run', path('lunch.yaml'), '--out', path('group')];
  const deployed = await run(...deploy, '--json');
  const held = await run(...hold);
  if (deployed.exitCode + held.exitCode > 0) throw new Error(deployed.err + held.err);
  const { taskId } = JSON.parse(deployed.out) as { taskId: string };
  const dispose = (): Promise<void> => rm(folder, { recursive: true });
  return { taskId, path, run, deploy, hold, [Symbol.asyncDispose]: dispose };
}
