import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { KeyRequest } from '../models/api-keys.ts';
import { completion, serveLocally } from '../models/testing/local-server.ts';
import { deploySurvey } from '../survey/deploy-survey.ts';
import { importSurveyJs } from '../survey/import/import-surveyjs.ts';
import { openWorkspace } from './open-workspace.ts';

const KEYS = ['the-very-own-key-of-ada', 'the-very-own-key-of-bo'];

it('opens the model of each run with the key from the port, and stores no key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'panelist-keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const received: (string | undefined)[] = [];
  const url = await serveLocally((request, response) => {
    const { authorization } = request.headers;
    received.push(authorization);
    // It repeats the key, without what a credential is recognised by.
    const content = JSON.stringify({ q1: `I have ${authorization?.slice('Bearer '.length)}` });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(completion({ content })));
  });
  const requests: KeyRequest[] = [];
  const runs: string[] = [];
  const database = join(folder, 'panelist.db');
  const workspace = await openWorkspace({
    database,
    apiKeys: (request) => {
      requests.push(request);
      const { run, vendor } = request;
      if (run === undefined || vendor !== 'openai-compatible') return undefined;
      if (!runs.includes(run)) runs.push(run);
      return ` ${KEYS[runs.indexOf(run)]}\n`;
    },
  });
  const questionnaire = importSurveyJs({ elements: [{ type: 'text', name: 'wish', title: 'Any wish?' }] });
  const taskIds: string[] = [];
  for (const survey of ['first', 'second']) {
    const { task } = await deploySurvey(workspace.runner, {
      ...{ survey, questionnaire, audience: 'people', model: 'openai-compatible/m', baseUrl: `${url}/v1` },
      respondents: [{ id: survey, persona: { name: survey }, weight: 1 }],
    });
    expect(await workspace.runner.wait(task.taskId)).toMatchObject({ successCount: 1 });
    taskIds.push(task.taskId);
  }
  await workspace.close();
  expect(runs).toEqual(taskIds);
  expect(received).toEqual(KEYS.map((key) => `Bearer ${key}`));
  // The other vendors' keys are asked for too: a reply may repeat any of them.
  expect(requests).toContainEqual({ vendor: 'openai', keyVariable: 'OPENAI_API_KEY', run: runs[0] });
  const stored = await readFile(database, 'latin1');
  expect(stored).toContain('I have [redacted]');
  for (const key of KEYS) expect(stored).not.toContain(key);
});
