import type { InterviewTexts } from '../../languages/messages.ts';
import { shortened } from '../../text/shortened.ts';
import type { AskedQuestion } from './asked-question.ts';
import { maxRecalledTitle } from './page-prompt.ts';

/** An invalid reply to one question, for the repeat request. */
export interface InvalidReply {
  readonly asked: AskedQuestion;
  readonly problem: string;
}

/** Characters of the invalid reply that a repeat request quotes. */
const maxReply = 4_000;

/** The assistant's message before a repeat request: providers refuse an empty one. */
export function quotedReply(text: string, frame: InterviewTexts): string {
  return shortened(text.trim(), maxReply) || frame.emptyReply;
}

/** Asks the questions again whose answers did not fit. What to answer is on the page before it. */
export function writeRepeatRequest(replies: readonly InvalidReply[], frame: InterviewTexts): string {
  const problems = replies.map(({ asked, problem }) => ({
    question: `${asked.key} (${shortened(asked.fullTitle, maxRecalledTitle)})`,
    problem,
  }));
  return frame.again(problems, replies.map(({ asked }) => asked.key).join(', '));
}
