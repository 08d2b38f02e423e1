import { useEffect, useRef, useState } from 'react';
import { afterTimeout } from '../../live/at-most-every.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import styles from './answer-toolbar.module.css';

/** Milliseconds after the last key before it is searched. */
const TYPING_MS = 300;

/** Searches once the typing pauses. Back and forward change its text. */
export function FindField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const messages = useMessages('answers');
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const cancel = useRef(() => {});
  useEffect(() => {
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => () => cancel.current(), []);
  const type = (typed: string): void => {
    setText(typed);
    cancel.current();
    cancel.current = afterTimeout(TYPING_MS, () => {
      sent.current = typed.trim();
      onChange(sent.current);
    });
  };
  return (
    <label className={styles.find}>
      <span className="visually-hidden">{messages.find}</span>
      <input
        type="search"
        value={text}
        placeholder={messages.findPlaceholder}
        maxLength={200}
        onChange={({ target }) => type(target.value)}
      />
    </label>
  );
}
