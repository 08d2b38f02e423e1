import { type DragEvent, type ReactNode, useId, useState } from 'react';
import { useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import styles from './file-drop.module.css';

/** Takes a file that is chosen or dropped. */
export function FileDrop({
  label,
  accept,
  onFile,
  extra,
  children,
}: {
  label: string;
  /** As in `.yaml,.json`. */
  accept: string;
  onFile: (file: File) => void;
  /** Beside the button. */
  extra?: ReactNode;
  children?: ReactNode;
}) {
  const messages = useMessages('groups');
  const id = useId();
  const [isOver, setIsOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is done by the button
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <div className={styles.head}>
        <span className={styles.label}>{label}</span>
        <label htmlFor={id} className={`${buttonClass()} ${styles.choose}`}>
          {messages.chooseFile}
        </label>
        <input
          id={id}
          type="file"
          className="visually-hidden"
          accept={accept}
          aria-label={`${label}: ${messages.chooseFile}`}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file !== undefined) onFile(file);
            // The same file may be chosen again, after it was changed.
            target.value = '';
          }}
        />
        <span className={styles.soft}>{messages.dropHere}</span>
        {extra}
      </div>
      {children}
    </div>
  );
}
