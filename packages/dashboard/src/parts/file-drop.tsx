import { type DragEvent, type ReactNode, useId, useState } from 'react';
import styles from './file-drop.module.css';

/** A place where a file can be dropped, or chosen. Whatever is inside stays usable. */
export function FileDrop({
  choose,
  accept,
  onFile,
  children,
}: {
  /** The text of the button that chooses a file. */
  choose: string;
  accept: string;
  onFile: (file: File) => void;
  children: ReactNode;
}) {
  const id = useId();
  const [isOver, setIsOver] = useState(false);
  const hasFile = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    // Dropping is a shortcut: the button does the same.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className={styles.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDropCapture={(event) => {
        setIsOver(false);
        const [file] = event.dataTransfer.files;
        if (file === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onFile(file);
      }}
    >
      <div className={styles.choose}>
        <input
          id={id}
          type="file"
          accept={accept}
          className="visually-hidden"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file !== undefined) onFile(file);
            // The same file may be chosen again after it has changed.
            target.value = '';
          }}
        />
        <label htmlFor={id}>{choose}</label>
      </div>
      {children}
    </div>
  );
}
