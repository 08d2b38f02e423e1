import type { AskedQuestion } from '../prompt/asked-question.ts';
import type { OptionValue } from '../question.ts';
import { kindOf } from '../question-kinds/index.ts';
import { type AnswerReading, answered, invalid, isListForm } from '../question-kinds/kind.ts';
import { declines } from './declined.ts';
import { isLeftEmpty, leftEmpty } from './left-empty.ts';
import type { Repair } from './repairs.ts';
import type { ReplyMember } from './reply-json.ts';

/** What a member of a reply says: something that fits the question, or why it does not. */
export function readAnswer(asked: AskedQuestion, { value, raw }: Omit<ReplyMember, 'key'>): AnswerReading {
  const { question } = asked;
  const kind = kindOf(question);
  const isList = isListForm(kind.answerForm);
  if (!isList && Array.isArray(value) && value.length === 1 && !isCompound(value[0])) {
    const only = { value: value[0], raw: raw.slice(1, -1).trim() };
    return repaired(readAnswer(asked, only), 'list-for-single');
  }
  if (isLeftEmpty(asked, value)) {
    if (question.isRequired) return invalid(asked.frame.problems.needsAnswer);
    const asAsked = isList ? Array.isArray(value) : value === null || value === '' || value === leftEmpty;
    return answered(null, asAsked ? [] : ['empty-for-null']);
  }
  const reading = withRole(kind.read(asked, value, raw), asked);
  // Only what isn't an answer can be a refusal, except in free text, where any text is an answer.
  const status = reading.fits && !kind.isFreeText(question) ? null : declined(value);
  return status === null ? reading : { fits: true, status, value: null, repairs: [] };
}

/** An option that declines gives the answer that status, and stays its value. */
function withRole(reading: AnswerReading, { options }: AskedQuestion): AnswerReading {
  if (!reading.fits || reading.value === null) return reading;
  const values = (Array.isArray(reading.value) ? reading.value : [reading.value]) as readonly OptionValue[];
  const [only] = values;
  const role = values.length === 1 ? options?.find((option) => option.value === only)?.role : undefined;
  return role === 'refused' || role === 'dont-know' ? { ...reading, status: role } : reading;
}

function isCompound(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function declined(value: unknown): 'refused' | 'dont-know' | null {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof only === 'string' ? declines(only) : null;
}

function repaired(reading: AnswerReading, repair: Repair): AnswerReading {
  return reading.fits ? { ...reading, repairs: [repair, ...reading.repairs] } : reading;
}
