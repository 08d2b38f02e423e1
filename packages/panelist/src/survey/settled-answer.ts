import type { Answer } from './answer.ts';
import type { AskedQuestion } from './asked-question.ts';
import type { Question } from './questionnaire.ts';
import type { ReplyReading } from './read-reply.ts';

/** @param calls indices of the interview's calls that asked it */
export function settledAnswer(asked: AskedQuestion, reading: ReplyReading, calls: readonly number[]): Answer {
  return {
    question: asked.question.name,
    status: reading.status,
    value: reading.fits ? reading.value : null,
    raw: reading.raw,
    repairs: reading.fits ? reading.repairs : [],
    shownOptions: asked.options?.map((option) => option.value) ?? null,
    calls,
    problem: reading.fits ? null : reading.problem,
  };
}

/** Of a question that logic did not show, or left read-only. */
export function skippedAnswer({ name }: Question): Answer {
  return {
    question: name,
    status: 'skipped',
    value: null,
    raw: null,
    repairs: [],
    shownOptions: null,
    calls: [],
    problem: null,
  };
}

/** What later pages are told of a question that was asked and has no value; nothing of what never fitted. */
export function shownWithoutValue(status: Answer['status']): string | undefined {
  return withoutValue[status];
}

const withoutValue: Partial<Record<Answer['status'], string>> = {
  answered: '(left empty)',
  refused: '(declined to answer)',
  'dont-know': "(don't know)",
};
