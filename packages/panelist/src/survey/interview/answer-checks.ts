import type { ReplyReading } from '../reply/read-reply.ts';
import type { InterviewPlan, PlannedQuestion } from './interview-plan.ts';
import type { RespondentValues } from './respondent-values.ts';

/** How far an interview is. */
interface InterviewState {
  /** Whether a question is to be asked as things are. */
  readonly isAsked: (planned: PlannedQuestion) => boolean;
  readonly isAnswered: (planned: PlannedQuestion) => boolean;
}

/** The checks of the survey itself: expressions, and values that must differ. */
export class AnswerChecks {
  readonly #plan: InterviewPlan;
  readonly #values: RespondentValues;
  readonly #state: InterviewState;

  constructor(plan: InterviewPlan, values: RespondentValues, state: InterviewState) {
    this.#plan = plan;
    this.#values = values;
    this.#state = state;
  }

  /** Puts the answers that fit among the values; one that then fails a check of its question does not fit after all. */
  checked(
    asked: readonly PlannedQuestion[],
    readings: readonly ReplyReading[],
    open: ReadonlySet<PlannedQuestion>,
  ): ReplyReading[] {
    const before = asked.map(({ question }) => this.#values.at(question));
    for (const [index, { question }] of asked.entries()) {
      const reading = readings[index];
      if (reading?.fits) this.#values.set(question, reading.value ?? undefined);
    }
    const groups = new Map<string, boolean>();
    return readings.map((reading, index): ReplyReading => {
      const planned = asked[index] as PlannedQuestion;
      const { question } = planned;
      if (!reading.fits || reading.status !== 'answered') return reading;
      const problem = this.#failingCheck(planned, open, groups) ?? this.#duplicate(planned);
      if (problem === null) return reading;
      this.#values.set(question, before[index]);
      return { fits: false, status: 'invalid', problem, raw: reading.raw };
    });
  }

  /** @param groups what has been found out of checks that questions share */
  #failingCheck(
    { checks }: PlannedQuestion,
    open: ReadonlySet<PlannedQuestion>,
    groups: Map<string, boolean>,
  ): string | null {
    const fails = ({ check, reads }: PlannedQuestion['checks'][number]): boolean => {
      // What reads questions that are still to be asked is checked with the last of them.
      if (reads.some((other) => open.has(other) && this.#state.isAsked(other))) return false;
      const result = this.#values.compute(check.expression);
      return check.allowsUnknown ? isFalse(result) : result !== true;
    };
    const failing = checks.find((each) => {
      if (each.check.isOfGroup !== true) return fails(each);
      const known = groups.get(each.check.expression) ?? fails(each);
      groups.set(each.check.expression, known);
      return known;
    });
    return failing === undefined ? null : this.#values.fill(failing.check.message);
  }

  /** As SurveyJS compares keys: without regard to case, each with those before it, and those that were asked before. */
  #duplicate(planned: PlannedQuestion): string | null {
    const keyOf = ({ question }: PlannedQuestion): string =>
      JSON.stringify(this.#values.at(question) ?? null).toLowerCase();
    const own = keyOf(planned);
    if (planned.question.uniqueAmong === undefined || own === 'null') return null;
    const all = this.#plan.unique.get(planned.question.uniqueAmong) ?? [];
    const position = all.indexOf(planned);
    const isDuplicate = all.some(
      (other, index) =>
        (index < position || (index > position && this.#state.isAnswered(other))) && keyOf(other) === own,
    );
    return isDuplicate ? this.#plan.frame.problems.notUnique : null;
  }
}

/** What yields nothing, since what it reads is unanswered, is not false. */
function isFalse(result: unknown): boolean {
  return result !== undefined && result !== null && !result;
}
