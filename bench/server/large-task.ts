import { openSqliteDatabase, SqlTaskStore } from '@panelist/toolkit/sqlite';
import type { ChatRequest } from '../../packages/panelist/src/models/chat-model.ts';
import { requestHash } from '../../packages/panelist/src/models/replies/request-hash.ts';
import { SqlReplyStore } from '../../packages/panelist/src/models/replies/sql-reply-store.ts';
import type { Answer, Interview } from '../../packages/panelist/src/survey/answer.ts';
import { importSurvey } from '../../packages/panelist/src/survey/import/import-surveyjs.ts';
import { SURVEY_JOB, type SurveyTaskParams } from '../../packages/panelist/src/survey/survey-task.ts';

export interface LargeTask {
  readonly respondents: number;
  /** Every n-th interview has failed. @default none */
  readonly failEvery?: number;
}

const MODEL = 'simulator';
const COMMIT_DELAY_MS = 25;
const drinks = ['Tea', 'Coffee', 'Water', 'Milk', 'Juice'];
const towns = ['Harbour', 'Old Town', 'Hillside', 'Mill Lane', 'Station'];
const jobs = ['nurse', 'teacher', 'retired', 'student', 'driver', 'cook', 'engineer'];
const words =
  'the market is close to where we live and the stalls open late on Friday when my shift ends'.split(' ');

/** Ten questions: six choices and scales, two numbers, two open texts. */
const survey = {
  title: 'Weekly market',
  elements: Array.from({ length: 10 }, (_, index) => ({
    name: `q${index + 1}`,
    title: `Question ${index + 1}: what about the weekly market?`,
    isRequired: true,
    ...[
      { type: 'radiogroup', choices: drinks },
      { type: 'rating', rateMax: 7 },
      { type: 'checkbox', choices: drinks },
      { type: 'text', inputType: 'number' },
      { type: 'comment' },
    ][index % 5],
  })),
};

/**
 * Writes a finished survey task of that size into a database, as a run would have left it, with the request and the reply of
 * each interview; returns its id. The answers are drawn by row number: no model is asked.
 */
export async function createLargeTask(
  database: string,
  { respondents, failEvery = 0 }: LargeTask,
): Promise<string> {
  const { questionnaire } = importSurvey(survey);
  const taskParams: SurveyTaskParams = {
    ...{ survey: 'market', audience: 'people.csv', questionnaire, model: MODEL, baseUrl: null },
    ...{ freshRun: null, temperature: null, seed: 1, ask: 'page', randomizeOptions: false },
    ...{ orderRule: 'measurement', replicates: 1, now: Date.now() },
  };
  const taskId = `task_large_${respondents}`;
  const file = await openSqliteDatabase(database);
  const store = await SqlTaskStore.open(file, { maxRecordDelayMs: COMMIT_DELAY_MS });
  const replies = await SqlReplyStore.open(file, { maxAddDelayMs: COMMIT_DELAY_MS });
  try {
    const startedAt = Date.now() - respondents;
    await store.create({
      ...{ taskId, taskKey: 'survey_market', fingerprint: taskId, job: SURVEY_JOB, createdAt: startedAt },
      taskParams: JSON.parse(JSON.stringify(taskParams)),
      totalCount: respondents,
      items: Array.from({ length: respondents }, (_, row) => ({
        key: `person-${row + 1}`,
        input: {
          ...{ respondentId: `person-${row + 1}`, weight: 1, replicate: 0, asking: 0 },
          persona: {
            ...{ age: String(18 + (row % 70)), sex: row % 2 === 0 ? 'female' : 'male' },
            ...{ town: towns[row % towns.length]!, job: jobs[row % jobs.length]! },
            about: sentence(row, 20),
          },
        },
      })),
    });
    await store.transition(taskId, 'running', { at: startedAt });
    for (let from = 0; from < respondents; from += 2_000) {
      const rows = Array.from({ length: Math.min(2_000, respondents - from) }, (_, index) => from + index);
      await Promise.all(
        rows.map((row) => {
          const isFailed = failEvery > 0 && row % failEvery === failEvery - 1;
          const message = `The model is overloaded (${row % 3}).`;
          const error = { name: 'ModelCallError', message, status: 529, code: null, kind: 'server' };
          const result = JSON.parse(JSON.stringify(isFailed ? { error } : interview(row)));
          const at = startedAt + row;
          const storing = isFailed ? undefined : storeReply(replies, taskId, row);
          const recording = store.record(taskId, {
            itemKey: `person-${row + 1}`,
            success: !isFailed,
            result,
            recordedAt: at,
          });
          return Promise.all([storing, recording]);
        }),
      );
    }
    await store.transition(taskId, 'completed', { at: startedAt + respondents });
    return taskId;
  } finally {
    await store.close();
    await file.close();
  }
}

function interview(row: number): Interview {
  const answers = Array.from({ length: 10 }, (_, index) => answer(row, index));
  return {
    respondentId: `person-${row + 1}`,
    answers,
    computed: {},
    askedOrder: answers.map(({ question }) => question),
    calls: [
      {
        promptHash: requestHash(MODEL, requestOf(row)),
        ...{ returnedModel: 'simulator', attempts: 1, inputTokens: 900, outputTokens: 180, elapsedMs: 800 },
      },
    ],
    requestedModel: MODEL,
    parameters: { temperature: null, seed: 1 },
  };
}

function requestOf(row: number): ChatRequest {
  const questions = survey.elements.map(({ name, title }) => `${name}: ${title}`).join('\n');
  return {
    messages: [
      { role: 'system', content: `You are person ${row + 1}. ${sentence(row, 60)}` },
      { role: 'user', content: `${questions}\nAnswer as JSON.` },
    ],
    replySchema: null,
    seed: 1,
  };
}

function storeReply(replies: SqlReplyStore, taskId: string, row: number): Promise<void> {
  const request = requestOf(row);
  const text = JSON.stringify(
    Object.fromEntries(survey.elements.map(({ name }, index) => [name, answer(row, index).value])),
  );
  const usage = { inputTokens: 900, outputTokens: 180, elapsedMs: 800 };
  return replies.add({
    requestHash: requestHash(MODEL, request),
    request,
    reply: { text, finishReason: 'stop', returnedModel: MODEL, ...usage },
    caller: { taskId, itemKey: `person-${row + 1}` },
  });
}

function answer(row: number, index: number): Answer {
  const draw = (row * 7_919 + index * 104_729) % 9_973;
  const value = [
    drinks[draw % 5]!,
    (draw % 7) + 1,
    drinks.filter((_, place) => ((draw >> place) & 1) === 1),
    draw % 100,
    sentence(draw + row, 25),
  ][index % 5]!;
  const base = { question: `q${index + 1}`, repairs: [], calls: [0], problem: null };
  if (draw % 37 === 0)
    return { ...base, status: 'refused', value: null, raw: '"I would rather not say"', shownOptions: null };
  const shownOptions =
    index % 5 === 0 || index % 5 === 2 ? drinks : index % 5 === 1 ? [1, 2, 3, 4, 5, 6, 7] : null;
  return { ...base, status: 'answered', value, raw: JSON.stringify(value), shownOptions };
}

/** Words drawn by the seed: nearly all sentences differ. */
function sentence(seed: number, length: number): string {
  let state = seed + 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return words[(state >>> 8) % words.length];
  }).join(' ');
}
