import { interviewTextsFor } from '../../languages/messages.ts';
import type { ChatReply } from '../../models/chat-model.ts';
import { normalised } from '../../text/one-line.ts';
import { bounded } from '../../text/shortened.ts';
import type { AskedQuestion } from '../prompt/asked-question.ts';
import type { AnswerReading } from '../question-kinds/kind.ts';
import { refusesAll } from './declined.ts';
import { readAnswer } from './read-answer.ts';
import { formRepairs, type Repair } from './repairs.ts';
import { findObject, type ReplyMember } from './reply-json.ts';

/** What a reply says for one question. An answer that is still invalid after the repeat request gets that `status`. */
export type ReplyReading =
  | (Extract<AnswerReading, { readonly fits: true }> & { readonly raw: string | null })
  | {
      readonly fits: false;
      readonly status: 'invalid' | 'refused' | 'withheld';
      readonly problem: string;
      readonly raw: string | null;
    };

/** Characters of a question's raw reply that are recorded. */
const maxRaw = 4_000;

/**
 * Reads a page's reply: one reading per question, in their order. Accepts what fits, repaired only in ways that
 * cannot change its meaning (`repairs.ts`); everything else is invalid, with its problem. Never throws, whatever the
 * reply.
 */
export function readReply(
  asked: readonly AskedQuestion[],
  reply: Pick<ChatReply, 'text' | 'finishReason'>,
): ReplyReading[] {
  const { problems } = asked[0]?.frame ?? interviewTextsFor('en');
  const whole = (status: 'invalid' | 'refused' | 'withheld', problem: string): ReplyReading[] => {
    const raw = bounded(reply.text, maxRaw);
    return asked.map(() => ({ fits: false, status, problem, raw }));
  };
  if (reply.finishReason === 'content-filter') return whole('withheld', problems.withheld);
  if (reply.finishReason === 'length') return whole('invalid', problems.cutOff);
  if (refusesAll(reply.text)) return whole('refused', problems.refusal);
  const object = findObject(reply.text);
  if (!object.found) return whole('invalid', object.problem);

  const { byKey, extra } = sortMembers(asked, object.members);
  const shared: readonly Repair[] = extra ? [...object.repairs, 'extra-key'] : object.repairs;
  return asked.map((question) => {
    const members = byKey.get(question.key) ?? [];
    const [member] = members;
    if (!member) return { fits: false, status: 'invalid', problem: problems.missing, raw: null };
    const raw = bounded(members.map((each) => each.raw).join(' | '), maxRaw);
    if (members.some((other) => other.raw !== member.raw)) {
      return { fits: false, status: 'invalid', problem: problems.twice, raw };
    }
    const reading = readAnswer(question, member);
    if (!reading.fits) return { fits: false, status: 'invalid', problem: reading.problem, raw };
    const keyRepairs: Repair[] = members.length > 1 ? ['duplicate-key'] : [];
    keyRepairs.push(...formRepairs(member.key, question.key));
    const repairs = [...new Set([...shared, ...keyRepairs, ...reading.repairs])];
    return { ...reading, repairs, raw };
  });
}

function sortMembers(
  asked: readonly AskedQuestion[],
  members: readonly ReplyMember[],
): { byKey: Map<string, ReplyMember[]>; extra: boolean } {
  const byKey = new Map<string, ReplyMember[]>(asked.map(({ key }) => [key, []]));
  let extra = false;
  for (const member of members) {
    const known = byKey.get(member.key) ?? byKey.get(normalised(member.key));
    if (known) known.push(member);
    else extra = true;
  }
  return { byKey, extra };
}
