import { normalised } from './plain-text.ts';

/**
 * Ways to decline that mean nothing else when they are all that was said. Short on purpose: a phrase that could be
 * an answer ("none", "not sure", "no answer") must not be here.
 */
const refusals: ReadonlySet<string> = new Set([
  'i prefer not to answer',
  'i prefer not to answer this question',
  'prefer not to answer',
  "i'd prefer not to answer",
  'i would prefer not to answer',
  "i'd rather not answer",
  'i would rather not answer',
  'i prefer not to say',
  'prefer not to say',
  "i'd prefer not to say",
  "i'd rather not say",
  'i would rather not say',
  'rather not say',
  'i decline to answer',
  'decline to answer',
  'declined to answer',
  'i refuse to answer',
  'refuse to answer',
  'refused to answer',
  '我不想回答',
  '不想回答',
  '我拒绝回答',
  '拒绝回答',
  '拒答',
  '我不愿回答',
  '不愿回答',
  '我不愿意回答',
  '不愿意回答',
  '我不便回答',
  '不便回答',
  '不方便回答',
  '我不愿透露',
  '不愿透露',
  '不想透露',
  '拒絕回答',
  '我拒絕回答',
  '不願回答',
  '不願透露',
]);

const ignorance: ReadonlySet<string> = new Set([
  "i don't know",
  "don't know",
  'i do not know',
  'do not know',
  'i dont know',
  'dont know',
  '我不知道',
  '不知道',
  '我不清楚',
  '不清楚',
]);

/** What a model says in its own name instead of answering. */
const assistantRefusal =
  /^(?:(?:i'm|i am) (?:very )?sorry,? (?:but )?|sorry,? (?:but )?|i apologize,? (?:but )?)?i (?:can't|cannot|can not|won't|am unable to|am not able to) (?:answer (?:that|this)(?: question)?|(?:assist|help|comply)(?: you)? with (?:that|this)(?: request)?)$|^(?:抱歉|对不起|很抱歉)[,，] ?我(?:无法|不能)(?:回答(?:这个问题|该问题)?|提供帮助|协助(?:您|你)?(?:完成(?:这个|该)请求)?)$/u;

/** Whether the whole of a text declines a question, and how. */
export function declines(text: string): 'refused' | 'dont-know' | null {
  if (text.length > 200) return null;
  const said = phrase(text);
  if (refusals.has(said)) return 'refused';
  return ignorance.has(said) ? 'dont-know' : null;
}

/** Whether a whole reply is a refusal to answer anything. */
export function refusesAll(text: string): boolean {
  if (text.length > 200) return false;
  const said = phrase(text);
  return refusals.has(said) || assistantRefusal.test(said);
}

function phrase(text: string): string {
  return normalised(text)
    .replaceAll('’', "'")
    .replace(/[.!。!]+$/u, '')
    .trim();
}
