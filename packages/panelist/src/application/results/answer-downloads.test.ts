import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deploySurvey } from '../../survey/deploy-survey.ts';
import { importSurvey } from '../../survey/import/import-surveyjs.ts';
import { openWorkspace } from '../open-workspace.ts';
import { exportSurvey, reportSurvey } from '../surveys/answer-files.ts';
import { type AnswerFileName, answerFileParts, answerFileTypes } from './answer-downloads.ts';

const survey = {
  title: 'Lunch',
  elements: [
    { type: 'radiogroup', name: 'where', choices: ['=home()', 'work;+1'] },
    { type: 'checkbox', name: 'drinks', choices: ['Tea', 'Water'] },
    { type: 'comment', name: 'why' },
  ],
};

it('gives the bytes that the command line writes', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'panelist-'));
  const workspace = await openWorkspace({ database: ':memory:' });
  try {
    const { questionnaire } = importSurvey(survey);
    const respondents = Array.from({ length: 30 }, (_, index) => ({
      id: `r${index}`,
      persona: { age: `${index}` },
    }));
    const { task } = await deploySurvey(workspace.runner, {
      ...{ survey: 'lunch', questionnaire, audience: 'people', respondents, model: 'simulator?seed=1' },
    });
    await workspace.runner.wait(task.taskId);
    const record = (await workspace.tasks.store.get(task.taskId))!;
    const downloaded = async (file: AnswerFileName, given = {}) => {
      const parts: Uint8Array[] = [];
      for await (const part of answerFileParts(workspace, record, file, given)) parts.push(Buffer.from(part));
      return Buffer.concat(parts);
    };
    const path = (name: string): string => join(folder.path, name);
    await exportSurvey(workspace, record, path('answers.csv'), {
      format: 'csv',
      shape: 'wide',
      indicators: true,
    });
    await exportSurvey(workspace, record, path('long.csv'), { format: 'csv', shape: 'long' });
    await exportSurvey(workspace, record, path('calls.csv'), { format: 'csv', shape: 'calls' });
    await exportSurvey(workspace, record, path('interviews.jsonl'), { format: 'jsonl', shape: 'wide' });
    await exportSurvey(workspace, record, path('table.parquet'), { format: 'parquet', shape: 'wide' });
    await reportSurvey(workspace, record, path('report.html'), { by: ['age:q2'] });
    const expected: Readonly<Record<AnswerFileName, readonly [written: string, options?: object]>> = {
      'answers.csv': ['answers.csv', { indicators: true }],
      'answers-long.csv': ['long.csv'],
      'answers.jsonl': ['interviews.jsonl', { indicators: true }],
      'answers.parquet': ['table.parquet'],
      'calls.csv': ['calls.csv'],
      'codebook.csv': ['answers.codebook.csv', { indicators: true }],
      'methods.md': ['answers.methods.md'],
      'report.html': ['report.html', { by: ['age:q2'] }],
    };
    for (const name of Object.keys(answerFileTypes) as AnswerFileName[]) {
      const [written, given] = expected[name];
      const bytes = await downloaded(name, given);
      expect(bytes.equals(await readFile(path(written))), name).toBe(true);
    }
    // Neither with commas nor with semicolons does a spreadsheet see a formula.
    const csv = (await downloaded('answers.csv')).toString();
    expect(csv).toMatch(/'=home\(\)|work;'\+1/);
    expect(csv).not.toMatch(/(?:^|[,;"\n])=home/);
  } finally {
    await workspace.close();
  }
});
