import { type JsonValue, TaskManager, type TaskRecord } from '@panelist/toolkit';
import type { Answer, AnswerStatus, AnswerValue, Interview } from '../../../survey/answer.ts';
import { type Questionnaire, questionsOf } from '../../../survey/questionnaire.ts';
import { SURVEY_JOB } from '../../../survey/survey-task.ts';

/** What becomes of one interview: answers by question, or the error of one that failed; `null` while it is pending. */
export type Outcome =
  | Readonly<Record<string, { readonly status: AnswerStatus; readonly value?: AnswerValue }>>
  | { readonly error: string; readonly code?: string; readonly status?: number }
  | null;

export interface Person {
  readonly id: string;
  readonly persona?: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
}

/** A running survey task in memory with these people and what became of them. */
export async function surveyTask(
  questionnaire: Questionnaire,
  people: readonly Person[],
  tasks: TaskManager = new TaskManager(),
): Promise<{ readonly tasks: TaskManager; readonly taskId: string; record(): Promise<TaskRecord> }> {
  const taskId = `task_${people.length}_${Math.random().toString(36).slice(2)}`;
  const params = {
    ...{ survey: 'lunch', audience: 'people.csv', questionnaire, model: 'simulator', baseUrl: null },
    ...{ freshRun: null, temperature: null, seed: null, ask: 'page', randomizeOptions: false, replicates: 1 },
  };
  const { store } = tasks;
  await store.create({
    ...{ taskId, taskKey: 'survey_lunch', fingerprint: taskId, job: SURVEY_JOB, createdAt: 1_000 },
    taskParams: JSON.parse(JSON.stringify(params)),
    totalCount: people.length,
    items: people.map(({ id, persona = {} }) => ({
      key: id,
      input: { respondentId: id, persona, weight: 1, replicate: 0, asking: 0 },
    })),
  });
  await store.transition(taskId, 'running', { at: 1_000 });
  for (const { id, outcome } of people) await recordOutcome(tasks, taskId, questionnaire, id, outcome);
  return { tasks, taskId, record: async () => (await store.get(taskId)) as TaskRecord };
}

export async function recordOutcome(
  { store }: TaskManager,
  taskId: string,
  questionnaire: Questionnaire,
  id: string,
  outcome: Outcome,
  recordedAt = 2_000,
): Promise<void> {
  if (outcome === null) return;
  const success = !('error' in outcome && typeof outcome.error === 'string');
  const result = JSON.parse(
    JSON.stringify(success ? interviewOf(questionnaire, id, outcome as never) : failureOf(outcome as never)),
  ) as JsonValue;
  await store.record(taskId, { itemKey: id, success, result, recordedAt });
}

function failureOf({ error, code = null, status = null }: Record<string, unknown>): unknown {
  return { error: { name: 'ModelCallError', message: error, status, code, kind: 'server' } };
}

function interviewOf(
  questionnaire: Questionnaire,
  respondentId: string,
  answers: Readonly<Record<string, { readonly status: AnswerStatus; readonly value?: AnswerValue }>>,
): Interview {
  return {
    respondentId,
    answers: questionsOf(questionnaire).map(({ name }): Answer => {
      const { status, value = null } = answers[name] ?? { status: 'skipped' };
      const raw = JSON.stringify(value);
      return {
        question: name,
        status,
        value,
        raw,
        repairs: [],
        shownOptions: null,
        calls: [],
        problem: null,
      };
    }),
    ...{ computed: {}, askedOrder: [], calls: [], requestedModel: 'simulator' },
    parameters: { temperature: null, seed: null },
  };
}
