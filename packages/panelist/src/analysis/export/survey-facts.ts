import { createHash, type Hash } from 'node:crypto';
import type { AnswerStatus } from '../../survey/answer.ts';
import { answerStatuses } from '../../survey/answer.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { effectiveSize } from '../statistics/effective-size.ts';

export type StatusCounts = Readonly<Record<AnswerStatus, number>>;

/** Facts about a survey's results for the methods sheet. */
export interface SurveyFacts {
  readonly interviews: number;
  readonly respondents: number;
  /** The largest number of interviews of one respondent. */
  readonly replicates: number;
  readonly isWeighted: boolean;
  readonly minWeight: number;
  readonly maxWeight: number;
  /** Kish's effective number of respondents. */
  readonly effectiveN: number;
  /** Number of answers by status. */
  readonly statuses: StatusCounts;
  /** Answers that were asked a second time. */
  readonly askedAgain: number;
  /** Number of repaired answers by kind of repair. */
  readonly repairs: ReadonlyMap<string, number>;
  /** Number of calls by the model name that the provider returned. */
  readonly returnedModels: ReadonlyMap<string, number>;
  readonly calls: number;
  /** Requests sent, including refused and failed ones. */
  readonly attempts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly prompts: {
    /** Number of distinct hashes. */
    readonly distinct: number;
    /** SHA-256 (hex) over each call's prompt hash and a line feed, in the order of the `calls` export. */
    readonly hash: string;
  };
}

/** Names of models and repairs come from outside, so the number of distinct names is bounded. */
const maxNames = 200;
const others = '(others)';

export class FactCounter {
  readonly #statuses: Record<AnswerStatus, number> = Object.fromEntries(
    answerStatuses.map((status) => [status, 0]),
  ) as Record<AnswerStatus, number>;
  readonly #respondents = new Map<string, { interviews: number; readonly weight: number }>();
  readonly #repairs = new Map<string, number>();
  readonly #models = new Map<string, number>();
  readonly #prompts: Hash = createHash('sha256');
  /** The first 64 bits of each hash. */
  readonly #distinct = new Set<bigint>();
  #askedAgain = 0;
  #calls = { calls: 0, attempts: 0, inputTokens: 0, outputTokens: 0 };
  #interviews = 0;

  add({ respondent, weight, interview }: SurveyResult): void {
    this.#interviews += 1;
    const known = this.#respondents.get(respondent.id);
    if (known) known.interviews += 1;
    else this.#respondents.set(respondent.id, { interviews: 1, weight });
    for (const { status, repairs, calls } of interview.answers) {
      this.#statuses[status] += 1;
      if (calls.length > 1) this.#askedAgain += 1;
      for (const repair of new Set(repairs)) countUp(this.#repairs, repair);
    }
    for (const { promptHash, returnedModel, attempts, inputTokens, outputTokens } of interview.calls) {
      this.#prompts.update(`${promptHash}\n`);
      this.#distinct.add(BigInt(`0x${/^[0-9a-f]{1,16}/i.exec(promptHash)?.[0] ?? '0'}`));
      countUp(this.#models, returnedModel);
      this.#calls.calls += 1;
      this.#calls.attempts += attempts;
      this.#calls.inputTokens += inputTokens;
      this.#calls.outputTokens += outputTokens;
    }
  }

  facts(): SurveyFacts {
    const respondents = [...this.#respondents.values()];
    let [minWeight, maxWeight, replicates] = [respondents[0]?.weight ?? 1, 0, 0];
    for (const { weight, interviews } of respondents) {
      minWeight = Math.min(minWeight, weight);
      maxWeight = Math.max(maxWeight, weight);
      replicates = Math.max(replicates, interviews);
    }
    return {
      interviews: this.#interviews,
      respondents: respondents.length,
      replicates,
      isWeighted: respondents.length > 0 && minWeight !== maxWeight,
      minWeight,
      maxWeight,
      effectiveN: effectiveSize(respondents.map(({ weight }) => weight)),
      statuses: { ...this.#statuses },
      askedAgain: this.#askedAgain,
      repairs: byCount(this.#repairs),
      returnedModels: byCount(this.#models),
      ...this.#calls,
      prompts: { distinct: this.#distinct.size, hash: this.#prompts.copy().digest('hex') },
    };
  }
}

function countUp(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < maxNames ? name : others;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Sorts by descending count, then by name. */
function byCount(counts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
