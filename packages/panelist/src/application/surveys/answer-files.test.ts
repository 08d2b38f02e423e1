import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { deploySurvey } from '../../survey/deploy-survey.ts';
import { importSurvey } from '../../survey/import/import-surveyjs.ts';
import { openWorkspace } from '../open-workspace.ts';
import { tabulateSurvey, writeAnswerFiles } from './answer-files.ts';

const survey = {
  title: 'Lunch',
  elements: [{ type: 'radiogroup', name: 'where', title: 'Where?', choices: ['home', 'work'] }],
};

it('reads the results of a survey twice for all of its files', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'panelist-'));
  const workspace = await openWorkspace({ database: ':memory:' });
  try {
    const { questionnaire } = importSurvey(survey);
    const respondents = ['ada', 'bo'].map((id) => ({ id, persona: { name: id } }));
    const audience = { audience: 'two', respondents };
    const model = 'simulator?seed=1';
    const { task } = await deploySurvey(workspace.runner, {
      survey: 'lunch',
      questionnaire,
      ...audience,
      model,
    });
    await workspace.runner.wait(task.taskId);
    const record = (await workspace.tasks.store.get(task.taskId))!;
    const items = vi.spyOn(workspace.tasks.store, 'items');
    const { files, summary } = await writeAnswerFiles(workspace, record, folder.path);
    expect(items).toHaveBeenCalledTimes(2);
    expect(files.map((file) => file.slice(folder.path.length + 1)).sort()).toEqual([
      'answers.codebook.csv',
      'answers.csv',
      'answers.jsonl',
      'answers.methods.md',
      'report.html',
    ]);
    const { questions, interviews } = await tabulateSurvey(workspace.tasks, record);
    expect([summary.questions, summary.interviews]).toEqual([questions, interviews]);
    expect((await readFile(join(folder.path, 'answers.csv'), 'utf8')).trim().split('\r\n')).toHaveLength(3);
  } finally {
    await workspace.close();
  }
});
