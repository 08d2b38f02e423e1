import { describe, expect, it } from 'vitest';
import { type Project, project } from './testing/project.ts';

/** Every command with `--json` that reads or changes a project. */
const commands: readonly ((at: Project) => readonly string[])[] = [
  ({ deploy }) => deploy,
  ({ hold }) => hold,
  ({ hold, path }) => [...hold, '--group', 'second', '--out', path('second')],
  ({ path }) => ['focus-group', 'say', 'lunch', 'And for dinner?', '--out', path('group')],
  ({ path }) => ['focus-group', 'poll', 'lunch', path('s.json'), '--out', path('group')],
  ({ path }) => ['focus-group', 'retry-failed', 'lunch', '--out', path('group')],
  () => ['focus-group', 'show', 'lunch'],
  () => ['focus-group', 'list'],
  () => ['focus-group', 'analyse', 'lunch', '--themes', 'model'],
  () => ['tasks'],
  ({ taskId }) => ['tasks', 'show', taskId],
  ({ taskId, path }) => ['tasks', 'retry-failed', taskId, '--out', path('survey')],
  ({ taskId }) => ['results', 'summary', taskId],
];

describe('--json', () => {
  it('prints one JSON document on stdout, and nothing else there', async () => {
    await using at = await project();
    for (const args of commands) {
      const { out, err, exitCode } = await at.run(...args(at), '--json');
      expect(exitCode, err).toBe(0);
      expect(() => JSON.parse(out), `${args(at).join(' ')}: ${out}`).not.toThrow();
    }
  });
});
