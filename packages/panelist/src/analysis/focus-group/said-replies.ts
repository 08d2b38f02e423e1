import type { Reply, Transcript } from '../../focus-group/transcript.ts';

/** A successful reply and its round. */
export interface SaidReply
  extends Pick<Extract<Reply, { status: 'replied' }>, 'participantId' | 'name' | 'text' | 'words'> {
  /** From 1. */
  readonly round: number;
}

/** All successful replies in the transcript's order. */
export function saidReplies({ rounds }: Transcript): SaidReply[] {
  return rounds.flatMap(({ round, replies }) =>
    replies.flatMap((reply) => {
      if (reply.status !== 'replied') return [];
      const { participantId, name, text, words } = reply;
      return [{ participantId, name, text, words, round }];
    }),
  );
}
