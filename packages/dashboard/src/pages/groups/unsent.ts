import type { Participant } from '../../api/types.ts';

/** A message as it is sent. */
export interface MessageDraft {
  /** The same however often it is sent: it is said once. */
  readonly messageId: string;
  readonly text: string;
  /** Empty for everyone. */
  readonly to: readonly Participant[];
  readonly stimulus: string;
  readonly mode: 'simultaneous' | 'in-turn';
}

/** A message whose sending failed, and why. */
export interface UnsentMessage {
  readonly draft: MessageDraft;
  readonly error: unknown;
}

/** With one more; one that has failed before has its new reason. */
export function withUnsent(
  unsent: readonly UnsentMessage[],
  message: UnsentMessage,
): readonly UnsentMessage[] {
  return [...withoutMessage(unsent, message.draft.messageId), message];
}

export function withoutMessage(
  unsent: readonly UnsentMessage[],
  messageId: string,
): readonly UnsentMessage[] {
  return unsent.filter(({ draft }) => draft.messageId !== messageId);
}
