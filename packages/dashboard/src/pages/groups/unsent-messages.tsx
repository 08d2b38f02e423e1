import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Participant } from '../../api/types.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { useErrorTexts } from '../../parts/states.tsx';
import { type UnsentMessage, withoutMessage, withUnsent } from './unsent.ts';
import styles from './waiting-requests.module.css';

/** Messages whose sending failed. They outlive the box: a request may fail when another page is open. */
export function useUnsent(focusGroupId: string) {
  const queries = useQueryClient();
  const queryKey = ['unsent-messages', focusGroupId];
  const { data: unsent } = useQuery<readonly UnsentMessage[]>({
    queryKey,
    queryFn: () => [],
    // Nothing reads it: it is what this page remembers.
    enabled: false,
    initialData: [],
    gcTime: Number.POSITIVE_INFINITY,
  });
  const change = (how: (before: readonly UnsentMessage[]) => readonly UnsentMessage[]): void => {
    queries.setQueryData<readonly UnsentMessage[]>(queryKey, (before = []) => how(before));
  };
  return {
    unsent,
    add: (message: UnsentMessage) => change((before) => withUnsent(before, message)),
    remove: (messageId: string) => change((before) => withoutMessage(before, messageId)),
  };
}

/** What was not said, to be sent again as it was or to be discarded. */
export function UnsentMessages({
  unsent,
  onSend,
  onDiscard,
}: {
  unsent: readonly UnsentMessage[];
  onSend: (message: UnsentMessage) => void;
  onDiscard: (message: UnsentMessage) => void;
}) {
  const messages = useMessages('groups');
  return (
    <div role="alert">
      {unsent.length > 0 && (
        <div className={styles.waiting}>
          <strong>{messages.unsent}</strong>
          <ul>
            {unsent.map((message) => (
              <li key={message.draft.messageId}>
                <Said message={message} />
                <Button onClick={() => onSend(message)}>{messages.sendAgain}</Button>
                <Button kind="quiet" onClick={() => onDiscard(message)}>
                  {messages.discard}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Said({ message: { draft, error } }: { message: UnsentMessage }) {
  const messages = useMessages('groups');
  const { detail } = useErrorTexts(error);
  return (
    <>
      {draft.to.length > 0 && <bdi className={styles.kind}>{messages.toOnly(namesOf(draft.to))}</bdi>}
      <bdi>{draft.text}</bdi>
      {draft.stimulus.trim() !== '' && <span className={styles.kind}>{messages.withStimulus}</span>}
      {detail !== undefined && <span className={styles.kind}>{detail}</span>}
    </>
  );
}

function namesOf(people: readonly Participant[]): string {
  return people.map(({ name }) => name).join(', ');
}
