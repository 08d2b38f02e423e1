/** A measured process of `survey.ts`; prints its measurement as JSON. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, type JSONSchema7, jsonSchema, Output } from 'ai';
import { openWorkspace } from '../packages/panelist/src/application/open-workspace.ts';
import { readAudience } from '../packages/panelist/src/audience/read-audience.ts';
import { AiSdkModel } from '../packages/panelist/src/models/ai-sdk-model.ts';
import type { ChatRequest } from '../packages/panelist/src/models/chat-model.ts';
import { deploySurvey } from '../packages/panelist/src/survey/deploy-survey.ts';
import { readSurveyFile } from '../packages/panelist/src/survey/import/read-survey-file.ts';

export interface SurveyMeasurement {
  readonly calls: number;
  readonly cpuMs: number;
  readonly elapsedMs: number;
  readonly peakBytes: number;
}

const CONCURRENCY = 100;
/** Number of recorded requests, which the AI SDK alone sends repeatedly. */
const RECORDED = 2_000;

const [kind, url = '', folder = '', round = '0'] = process.argv.slice(2);
const recording = join(folder, 'requests.json');

async function panelist(): Promise<number> {
  const requests: ChatRequest[] = [];
  if (round === '-1') {
    const reply = AiSdkModel.prototype.reply;
    AiSdkModel.prototype.reply = function (request, options) {
      if (requests.length < RECORDED) requests.push(request);
      return reply.call(this, request, options);
    };
  }
  const workspace = await openWorkspace({
    database: join(folder, `bench-${round}.db`),
    limits: { maxConcurrency: CONCURRENCY },
  });
  const { task } = await deploySurvey(workspace.runner, {
    survey: 'survey',
    questionnaire: await readSurveyFile(join(folder, 'survey.json')),
    audience: 'people',
    respondents: await readAudience(join(folder, 'people.csv')),
    model: 'openai-compatible/simulator',
    baseUrl: url,
    seed: 1,
    randomizeOptions: true,
  });
  const done = await workspace.runner.wait(task.taskId);
  if (done.successCount !== done.totalCount)
    throw new Error(`${done.failedCount} failed: ${done.errorMessage}`);
  const { requests: calls } = workspace.spending(task.taskId).usage;
  await workspace.close();
  if (round === '-1') await writeFile(recording, JSON.stringify({ requests, calls }));
  return calls;
}

async function aiSdk(): Promise<number> {
  const { requests, calls } = JSON.parse(await readFile(recording, 'utf8')) as {
    requests: ChatRequest[];
    calls: number;
  };
  const model = createOpenAICompatible({ name: 'bench', baseURL: url, supportsStructuredOutputs: true })(
    'simulator',
  );
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) {
      const { messages, replySchema } = requests[next++ % requests.length]!;
      await generateText({
        model,
        maxRetries: 0,
        allowSystemInMessages: true,
        messages: messages.map(({ role, content }) => ({ role, content })),
        output: Output.object({ schema: jsonSchema(replySchema!.schema as JSONSchema7) }),
      });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return calls;
}

const startedAt = performance.now();
const calls = kind === 'panelist' ? await panelist() : await aiSdk();
const { user, system } = process.cpuUsage();
const measurement: SurveyMeasurement = {
  calls,
  cpuMs: (user + system) / 1000,
  elapsedMs: performance.now() - startedAt,
  // `maxRSS` is in kilobytes.
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(measurement));
