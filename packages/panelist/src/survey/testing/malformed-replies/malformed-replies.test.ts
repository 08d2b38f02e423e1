import { describe, expect, it } from 'vitest';
import { interview as english } from '../../../languages/en/interview.ts';
import { askedQuestion } from '../../prompt/asked-question.ts';
import type { Question } from '../../questionnaire.ts';
import { type ReplyReading, readReply } from '../../reply/read-reply.ts';
import { questions } from './questions.ts';
import { malformedReplies } from './replies.ts';

function read(question: string, text: string): ReplyReading {
  const asked = askedQuestion(questions[question] as Question, 'q1', (template) => template, english);
  return readReply([asked], { text, finishReason: 'stop' })[0] as ReplyReading;
}

describe('malformed replies', () => {
  it('are more than two hundred different ones', () => {
    expect(
      new Set(malformedReplies.map(([, question, reply]) => `${question} ${reply}`)).size,
    ).toBeGreaterThan(200);
  });

  it.each(malformedReplies)('%s, %s: %j', (_, question, reply, expected) => {
    const reading = read(question, reply);
    if (expected === 'invalid') expect(reading).toMatchObject({ fits: false, status: 'invalid' });
    else if (typeof expected === 'string') {
      expect(reading.status).toBe(expected);
      expect(reading.fits ? reading.value : null).toBeNull();
    } else expect(reading).toMatchObject({ fits: true, status: 'answered', ...expected });
  });
});
