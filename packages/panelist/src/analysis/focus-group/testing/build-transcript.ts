import type { Reply, Transcript } from '../../../focus-group/transcript.ts';
import { countWords } from '../../../text/count-words.ts';

/** For each round, the replies by name; `null` for a failed reply. */
export type Talk = readonly Readonly<Record<string, string | null>>[];

export function transcriptOfTalk(
  talk: Talk,
  { language = 'en', messages = [] as readonly string[] } = {},
): Transcript {
  const names = [...new Set(talk.flatMap((round) => Object.keys(round)))];
  return {
    groupId: 'lunch',
    title: 'Lunch',
    language,
    model: 'test/model',
    seed: 1,
    temperature: 0.5,
    participants: names.map((name) => ({ id: `id-${name}`, name, persona: { age: '34' } })),
    rounds: talk.map((said, place) => ({
      round: place + 1,
      step: `round-${place + 1}`,
      to: null,
      taskId: `task_${place + 1}`,
      host: 'guide',
      message: messages[place] ?? 'What?',
      stimulus: null,
      mode: 'simultaneous',
      replies: Object.entries(said).map(([name, text]) => replyOf(name, text, language)),
    })),
  };
}

function replyOf(name: string, text: string | null, language: string): Reply {
  const who = { participantId: `id-${name}`, name };
  if (text === null)
    return { ...who, status: 'failed', error: { code: 'HTTP_500', message: 'the line is dead' } };
  return {
    ...who,
    status: 'replied',
    text,
    words: countWords(text, language),
    repairs: [],
    promptHash: 'ab'.repeat(32),
    returnedModel: 'model-1',
    inputTokens: 10,
    outputTokens: 5,
  };
}
