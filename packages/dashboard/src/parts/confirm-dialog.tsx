import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useMessages } from '../messages/language-provider.tsx';
import { Button } from './button.tsx';
import styles from './confirm-dialog.module.css';

/** Asks before something that can't be undone. It is open while it is displayed. */
export function ConfirmDialog({
  title,
  children,
  confirm,
  isDanger = false,
  isBusy = false,
  onConfirm,
  onClose,
}: {
  title: string;
  children?: ReactNode;
  /** The button's text: what happens. */
  confirm: string;
  isDanger?: boolean;
  isBusy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const messages = useMessages('parts');
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      <div className={styles.body}>{children}</div>
      <div className={styles.actions}>
        <Button onClick={() => dialog.current?.close()}>{messages.cancel}</Button>
        <Button kind={isDanger ? 'danger' : 'primary'} isBusy={isBusy} onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </dialog>
  );
}
