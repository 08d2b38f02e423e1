import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { sessionQuery, useMayChange } from '../../api/session.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/states.tsx';
import styles from './share-button.module.css';

const DAYS = [1, 7, 30, 90] as const;

/** Makes a read-only link to the run. */
export function ShareButton({ taskId }: { taskId: string }) {
  const messages = useMessages('share');
  const mayChange = useMayChange();
  const [isOpen, setIsOpen] = useState(false);
  // Without logins a link would open with full rights.
  const hasLogins = useQuery(sessionQuery).data?.canLogOut === true;
  if (!mayChange || !hasLogins) return null;
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>{messages.share}</Button>
      {isOpen && <ShareDialog taskId={taskId} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function ShareDialog({ taskId, onClose }: { taskId: string; onClose: () => void }) {
  const messages = useMessages('share');
  const parts = useMessages('parts');
  const format = useFormat();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [days, setDays] = useState<number>(7);
  const [isCopied, setIsCopied] = useState(false);
  const making = useMutation({ mutationFn: () => read(api.shares.$post({ json: { taskId, days } })) });
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const link = making.data && `${location.origin}${making.data.path}`;
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{messages.title}</h2>
      <p>{messages.hint}</p>
      <label className={styles.days}>
        {messages.validFor}
        <select value={days} onChange={({ target }) => setDays(Number(target.value))}>
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {messages.days(each)}
            </option>
          ))}
        </select>
      </label>
      {making.isError && <ErrorState error={making.error} />}
      {link !== undefined && making.data !== undefined && (
        <div aria-live="polite" className={styles.link}>
          <input readOnly aria-label={messages.link} value={link} onFocus={({ target }) => target.select()} />
          <Button onClick={() => void copy(link)}>{isCopied ? parts.copied : parts.copy}</Button>
          <p>{messages.expires(format.dateTime(making.data.expiresAt))}</p>
        </div>
      )}
      <div className={styles.actions}>
        <Button onClick={() => dialog.current?.close()}>{parts.close}</Button>
        <Button kind="primary" isBusy={making.isPending} onClick={() => making.mutate()}>
          {messages.make}
        </Button>
      </div>
    </dialog>
  );
}
