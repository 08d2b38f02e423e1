import { Autocomplete } from '@base-ui/react/autocomplete';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { afterTimeout } from '../live/at-most-every.ts';
import { useMessages } from '../messages/language-provider.tsx';
import styles from './palette.module.css';
import { type Found, type FoundGroup, useFound } from './use-found.ts';

/** Milliseconds after the last key. */
const TYPING_MS = 150;

/** Finds pages, tasks, and what is in the run on the page. It is open while it is displayed. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const messages = useMessages('palette');
  const navigate = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const found = useFound(useSettled(typed.trim()));
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const open = ({ to }: Found): void => {
    dialog.current?.close();
    void navigate(to);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={messages.title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
      onKeyDown={(event) => {
        // The list takes Escape for itself.
        if (event.key === 'Escape') dialog.current?.close();
      }}
    >
      <Autocomplete.Root
        open
        inline
        items={found}
        filter={null}
        value={typed}
        onValueChange={setTyped}
        itemToStringValue={({ title }: Found) => title}
        autoHighlight="always"
        keepHighlight
      >
        <Autocomplete.Input
          className={styles.input}
          aria-label={messages.title}
          placeholder={messages.placeholder}
          maxLength={200}
        />
        <Autocomplete.Empty className={styles.empty}>
          {found.length === 0 && messages.nothing}
        </Autocomplete.Empty>
        <Autocomplete.List className={styles.list}>
          {(group: FoundGroup) => (
            <Autocomplete.Group key={group.title} items={group.items} className={styles.group}>
              <Autocomplete.GroupLabel className={styles.label}>{group.title}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(item: Found) => (
                  <Autocomplete.Item
                    key={item.id}
                    value={item}
                    className={styles.item}
                    onClick={() => open(item)}
                  >
                    <span dir="auto">{item.title}</span>
                    {item.hint !== undefined && <span className={styles.hint}>{item.hint}</span>}
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
      <p className={styles.keys} aria-hidden="true">
        {messages.keys}
      </p>
    </dialog>
  );
}

/** A text once the typing pauses. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => afterTimeout(TYPING_MS, () => setSettled(text)), [text]);
  return settled;
}
