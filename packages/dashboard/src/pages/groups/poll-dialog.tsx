import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { read } from '../../api/client.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { one } from './group-queries.ts';
import { newId } from './new-id.ts';
import styles from './poll-dialog.module.css';

const EXAMPLE = `{
  "title": "",
  "elements": [
    {
      "type": "rating",
      "name": "favour",
      "title": "How much are you in favour now?",
      "rateMax": 7
    }
  ]
}
`;

/** Asks each participant alone. It is open while it is displayed. */
export function PollDialog({ focusGroupId, onClose }: { focusGroupId: string; onClose: () => void }) {
  const messages = useMessages('groups');
  const parts = useMessages('parts');
  const toasts = useToasts();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [text, setText] = useState(EXAMPLE);
  // Of this text: however often it is sent, it is asked once.
  const pollId = useRef(newId());
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const polling = useMutation({
    mutationFn: () =>
      read(
        one.polls.$post({
          param: { focusGroupId },
          json: { pollId: pollId.current, survey: { name: 'poll.json', text } },
        }),
      ),
    onSuccess: ({ isNew, warnings }) => {
      if (!isNew) toasts.show({ kind: 'info', title: messages.pollAsked });
      if (warnings.length > 0)
        toasts.show({ kind: 'info', title: messages.pollWarnings, description: warnings.join('\n') });
      dialog.current?.close();
    },
  });
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={`${id}title`} onClose={onClose}>
      <h2 id={`${id}title`}>{messages.pollTitle}</h2>
      <p className={styles.hint}>{messages.pollBody}</p>
      <label htmlFor={`${id}survey`}>{messages.pollSurvey}</label>
      <textarea
        id={`${id}survey`}
        className={styles.survey}
        rows={14}
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          pollId.current = newId();
        }}
      />
      {polling.isError && <ErrorState error={polling.error} />}
      <div className={styles.actions}>
        <Button onClick={() => dialog.current?.close()}>{parts.cancel}</Button>
        <Button
          kind="primary"
          isBusy={polling.isPending}
          disabled={text.trim() === ''}
          onClick={() => polling.mutate()}
        >
          {messages.pollSend}
        </Button>
      </div>
    </dialog>
  );
}
