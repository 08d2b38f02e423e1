import type { ChatReply, ChatRequest } from '../models/chat-model.ts';
import { StubModel } from '../models/stub-model.ts';
import { type SurveyDeployment, surveyTask } from './deploy-survey.ts';
import { holdInterview } from './survey-job.ts';

/** Enough to meet branches that a seventh of the respondents take with a chance of 95 in 100. */
const SAMPLE_SIZE = 20;
/** How far estimates of tokens may be off (`models/tokens.ts`). */
export const ESTIMATE_ERROR: number = 1 / 3;

export interface Range {
  readonly min: number;
  readonly expected: number;
  readonly max: number;
}

/** What a deployment would take, and what it would ask. */
export interface DryRun {
  readonly interviews: number;
  /** How many were tried with the simulator. */
  readonly sampled: number;
  readonly callsPerInterview: Range;
  readonly calls: Range;
  readonly inputTokens: Range;
  readonly outputTokens: Range;
  /**
   * The first respondent's requests: the first as it would be sent, later ones with answers of the simulator in them.
   */
  readonly first: { readonly respondentId: string; readonly requests: readonly ChatRequest[] };
}

/**
 * Holds a sample of a deployment's interviews, spread evenly over the audience, in which the simulator answers
 * (`StubModel`). It calls no model and looks at no store: replies that are stored already cost nothing, so a run may
 * cost less.
 *
 * Ranges reach from every interview being the shortest of the sample to every one being the longest, with the error
 * of the estimate for tokens. Second askings of replies that do not fit are not in them, nor what a model takes for
 * thinking before it answers.
 *
 * @throws PanelistError `USAGE` for two respondents with one id
 */
export async function dryRun(deployment: SurveyDeployment): Promise<DryRun> {
  const { taskParams, items } = surveyTask(deployment);
  const { signal } = new AbortController();
  const sample: StubModel['calls'][] = [];
  for (let draw = 0; draw < SAMPLE_SIZE; draw++) {
    // Fewer people than that are interviewed several times, with other seeds.
    const step = Math.max(items.length / SAMPLE_SIZE, 1);
    const item = items[Math.floor(draw * step) % items.length];
    if (item === undefined) break;
    const model = new StubModel(taskParams.model, draw);
    await holdInterview(item.input, taskParams, model, signal);
    sample.push(model.calls.filter(isFirstAsking));
  }
  const interviews = items.length;
  const tokens = (of: (reply: ChatReply) => number): Range => {
    const { min, expected, max } = rangeOf(
      sample.map((calls) => calls.reduce((sum, { reply }) => sum + of(reply), 0)),
      interviews,
    );
    return {
      min: Math.floor(min * (1 - ESTIMATE_ERROR)),
      expected,
      max: Math.ceil(max * (1 + ESTIMATE_ERROR)),
    };
  };
  const calls = sample.map(({ length }) => length);
  return {
    interviews,
    sampled: sample.length,
    callsPerInterview: rangeOf(calls),
    calls: rangeOf(calls, interviews),
    inputTokens: tokens(({ inputTokens }) => inputTokens),
    outputTokens: tokens(({ outputTokens }) => outputTokens),
    first: {
      respondentId: items[0]?.input.respondentId ?? '',
      requests: (sample[0] ?? []).map(({ request }) => request),
    },
  };
}

/** Whether it quotes an invalid reply, as only a repeat request does. */
function isFirstAsking({ request }: { readonly request: ChatRequest }): boolean {
  return !request.messages.some(({ role }) => role === 'assistant');
}

/** Of one interview, or of several together. */
function rangeOf(values: readonly number[], interviews = 1): Range {
  if (values.length === 0) return { min: 0, expected: 0, max: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    min: Math.min(...values) * interviews,
    expected: interviews === 1 ? mean : Math.round(mean * interviews),
    max: Math.max(...values) * interviews,
  };
}
