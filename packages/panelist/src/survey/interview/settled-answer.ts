import type { InterviewTexts } from '../../languages/messages.ts';
import type { Answer, AnswerValue } from '../answer.ts';
import type { AskedQuestion } from '../prompt/asked-question.ts';
import type { Question } from '../questionnaire.ts';
import type { ReplyReading } from '../reply/read-reply.ts';

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

/** Of a question that was answered, and that a later answer hid. */
export function hiddenAnswer(answer: Answer, { problems }: InterviewTexts): Answer {
  return { ...answer, status: 'skipped', value: null, problem: problems.hiddenLater };
}

/** Of a question that nobody was asked and that the survey itself gives a value: a default, or one set by a trigger. */
export function presetAnswer(question: Question, value: AnswerValue): Answer {
  return { ...skippedAnswer(question), status: 'preset', value };
}

/** How later pages recall a question that was asked and has no value; nothing of what never fitted. */
export function recalledWithoutValue(status: Answer['status'], frame: InterviewTexts): string | undefined {
  if (status === 'answered') return frame.leftEmpty;
  // Withheld replies were once recorded as refused, and prompts of interviews under way stay as they were.
  if (status === 'refused' || status === 'withheld') return frame.declined;
  return status === 'dont-know' ? frame.dontKnow : undefined;
}
