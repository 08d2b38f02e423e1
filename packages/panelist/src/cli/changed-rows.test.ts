import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { project } from './testing/project.ts';

const META = '<meta http-equiv="refresh" content="0;url=https://example.org">';
const evil = `json('{"markup":${JSON.stringify(META).replaceAll("'", "''")}}')`;

const ofRound = "task_id in (select task_id from tasks where job = 'focus-group-round')";
const ofOpening = "task_id in (select task_id from tasks where job = 'focus-group-opening')";
const ofSurvey = "task_id in (select task_id from tasks where job = 'survey')";

const set = (table: string, column: string, path: string, where: string): string =>
  `update ${table} set ${column} = json_set(${column}, '${path}', ${evil}) where ${where}`;

const report = ['focus-group', 'report', 'lunch'];

describe('a database that something else has changed', () => {
  it.each([
    ['a reply', set('task_results', 'result', '$.words', ofRound), report, /item "[12]": the stored result/],
    ['a text', set('task_results', 'result', '$.text', ofRound), report, /item "[12]": the stored result/],
    [
      'an item',
      set('task_items', 'input', '$.participant.name', ofRound),
      report,
      /item "[12]": the stored input/,
    ],
    [
      'a round',
      set('task_params', 'params', '$.round', ofRound),
      report,
      /: the stored parameters .*\.round/,
    ],
    [
      'a group',
      set('task_params', 'params', '$.group.title', ofOpening),
      report,
      /: the stored parameters .*\.group/,
    ],
    [
      'a language',
      set('task_params', 'params', '$.group.language', ofOpening),
      report,
      /a language tag is expected/,
    ],
    [
      'an interview',
      set('task_results', 'result', '$.answers[0].value', ofSurvey),
      null,
      /item "[12]": the stored result/,
    ],
    ['a respondent', set('task_items', 'input', '$.weight', ofSurvey), null, /item "[12]": the stored input/],
    [
      'a survey',
      set('task_params', 'params', '$.questionnaire.title', ofSurvey),
      null,
      /: the stored parameters/,
    ],
  ])(
    'is an error where %s is not what Panelist writes, and makes no file',
    async (_, change, command, message) => {
      await using at = await project();
      const database = new DatabaseSync(at.path('panelist.db'));
      expect(database.prepare(change).run().changes).toBeGreaterThan(0);
      database.close();
      const out = at.path('changed.html');
      const args = command ?? ['results', 'report', at.taskId];
      const ran = await at.run(...args, '--out', out);
      expect(ran.err).toMatch(/\[ROW_INVALID\]: Task "task_\w+"/);
      expect(ran.err).toMatch(message);
      expect(ran.exitCode).toBe(7);
      expect(existsSync(out)).toBe(false);
    },
  );

  it('is listed all the same', async () => {
    await using at = await project();
    const database = new DatabaseSync(at.path('panelist.db'));
    for (const member of ['questionnaire', 'title', 'survey', 'model', 'language'])
      database.exec(set('task_params', 'params', `$.${member}`, 'true'));
    database.close();
    const ran = await at.run('tasks');
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.out).toContain(at.taskId);
  });

  it('can say nothing of its own in an export of interviews: they are synthetic', async () => {
    await using at = await project();
    const database = new DatabaseSync(at.path('panelist.db'));
    database.exec(
      `update task_results set result = json_set(result, '$.synthetic', json('false')) where ${ofSurvey}`,
    );
    database.close();
    const out = at.path('out.jsonl');
    const ran = await at.run('results', 'export', at.taskId, '--out', out);
    expect(ran.exitCode, ran.err).toBe(0);
    const lines = (await readFile(out, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { synthetic: unknown }).synthetic)).toEqual([true, true]);
  });
});
