import type { Transcript } from '../../../focus-group/transcript.ts';

/** One message or reply, or a reply that failed: a line of the JSONL and the CSV transcript. */
export interface SpokenTurn {
  readonly round: number;
  readonly step: string;
  readonly speaker: 'host' | 'moderator' | 'participant';
  /** Names of the participants addressed by the host; empty if it is everybody. */
  readonly to: readonly string[];
  readonly participantId: string | null;
  readonly name: string | null;
  /** `said` for the host; otherwise the status of the reply. */
  readonly status: 'said' | 'replied' | 'failed' | 'pending';
  readonly text: string | null;
  readonly stimulus: string | null;
  readonly words: number | null;
  readonly error: string | null;
  readonly repairs: readonly string[];
  readonly promptHash: string | null;
  readonly returnedModel: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly synthetic: true;
}

const unknown = {
  text: null,
  stimulus: null,
  words: null,
  error: null,
  repairs: [],
  promptHash: null,
  returnedModel: null,
  inputTokens: null,
  outputTokens: null,
} as const;

/** All turns in the transcript's order. They have no times, so that two runs with the same replies give the same lines. */
export function spokenTurns({ rounds }: Transcript): SpokenTurn[] {
  return rounds.flatMap(({ round, step, to, host, message, stimulus, replies }): SpokenTurn[] => [
    {
      ...{ round, step },
      speaker: host === 'moderator' ? 'moderator' : 'host',
      ...{ to: to ?? [], participantId: null, name: null, status: 'said' },
      ...unknown,
      text: message,
      stimulus,
      synthetic: true,
    },
    ...replies.map((reply): SpokenTurn => {
      const { participantId, name, status } = reply;
      const turn = { round, step, speaker: 'participant', to: [], participantId, name, status } as const;
      if (status === 'pending') return { ...turn, ...unknown, synthetic: true };
      if (status === 'failed') {
        const error = `${reply.error.code}: ${reply.error.message}`;
        return { ...turn, ...unknown, error, synthetic: true };
      }
      const { text, words, repairs, promptHash, returnedModel, inputTokens, outputTokens } = reply;
      const said = { text, words, repairs, promptHash, returnedModel, inputTokens, outputTokens };
      return { ...turn, ...unknown, ...said, synthetic: true };
    }),
  ]);
}
