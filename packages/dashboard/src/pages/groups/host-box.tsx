import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { read } from '../../api/client.ts';
import type { GroupDetail, Participant } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { one } from './group-queries.ts';
import styles from './host-box.module.css';
import { type Mention, matching, mentionAt, withoutMention } from './mentions.ts';
import { newId } from './new-id.ts';
import { Avatar, Name } from './person.tsx';
import type { MessageDraft } from './unsent.ts';
import { UnsentMessages, useUnsent } from './unsent-messages.tsx';

/** As the server has it. */
const MAX_MESSAGE = 4_000;
const MAX_STIMULUS = 20_000;

type Mode = MessageDraft['mode'];

/** What the host says next, and who is to reply. */
export function HostBox({ group, actions }: { group: GroupDetail; actions: React.ReactNode }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const toasts = useToasts();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [to, setTo] = useState<readonly Participant[]>([]);
  const [stimulus, setStimulus] = useState('');
  const [mode, setMode] = useState<Mode>('simultaneous');
  const [mention, setMention] = useState<Mention | null>(null);
  const [active, setActive] = useState(0);
  // The same until the box is empty: a message that is sent twice is said once.
  const messageId = useRef(newId());
  const lastSent = useRef('');
  useEffect(() => {
    if (text === '') messageId.current = newId();
  }, [text]);
  const { focusGroupId } = group;
  const { unsent, add, remove } = useUnsent(focusGroupId);
  const saying = useMutation({
    mutationFn: (draft: MessageDraft) =>
      read(
        one.messages.$post({
          param: { focusGroupId },
          json: {
            messageId: draft.messageId,
            message: draft.text,
            mode: draft.mode,
            ...(draft.to.length > 0 && { to: draft.to.map((each) => each.id) }),
            ...(draft.stimulus.trim() !== '' && { stimulus: draft.stimulus }),
          },
        }),
      ),
    // One after the other: what was typed first is said first.
    scope: { id: `say ${focusGroupId}` },
    onSuccess: ({ isNew }, draft) => {
      if (!isNew && draft.messageId !== lastSent.current) toasts.show({ kind: 'info', title: messages.sent });
      lastSent.current = draft.messageId;
    },
    // Not back into the box: something else may be typed there already.
    onError: (error, draft) => add({ draft, error }),
  });
  const found =
    mention === null ? [] : matching(group.participants, mention.query, new Set(to.map((each) => each.id)));
  const isOpen = found.length > 0;
  const current = Math.min(active, found.length - 1);
  const maySend = text.trim() !== '' && text.length <= MAX_MESSAGE && stimulus.length <= MAX_STIMULUS;

  const findMention = (target: HTMLTextAreaElement): void => {
    setMention(mentionAt(target.value, target.selectionStart));
    setActive(0);
  };
  const choose = (person: Participant | undefined): void => {
    if (person === undefined || mention === null) return;
    const changed = withoutMention(text, mention, person.name);
    setText(changed.text);
    setTo([...to, person]);
    setMention(null);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(changed.caret, changed.caret);
    });
  };
  const send = (event?: FormEvent): void => {
    event?.preventDefault();
    if (!maySend) return;
    saying.mutate({ messageId: messageId.current, text, to, stimulus, mode });
    // At once: what is typed while it is sent is the next message.
    setText('');
    setTo([]);
    setStimulus('');
    setMention(null);
    box.current?.focus();
  };
  const settle = (draft: MessageDraft): void => {
    remove(draft.messageId);
    // Its buttons are gone.
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter ends what an input method composes.
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (isOpen && (key === 'ArrowDown' || key === 'ArrowUp')) {
      event.preventDefault();
      setActive((current + (key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    } else if (isOpen && (key === 'Enter' || key === 'Tab')) {
      event.preventDefault();
      choose(found[current]);
    } else if (isOpen && key === 'Escape') {
      event.preventDefault();
      setMention(null);
    } else if (key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (key === 'Backspace' && text === '' && to.length > 0) setTo(to.slice(0, -1));
  };

  return (
    <>
      <UnsentMessages
        unsent={unsent}
        onSend={({ draft }) => {
          settle(draft);
          saying.mutate(draft);
        }}
        onDiscard={({ draft }) => settle(draft)}
      />
      <form className={styles.form} onSubmit={send}>
        <div className={styles.to}>
          <span>{messages.to}</span>
          {to.length === 0 && <span className={styles.everyone}>{messages.everyone}</span>}
          {to.map((person) => (
            <span key={person.id} className={styles.chip}>
              <Name>{person.name}</Name>
              <button
                type="button"
                aria-label={messages.removeName(person.name)}
                onClick={() => setTo(to.filter((each) => each !== person))}
              >
                ×
              </button>
            </span>
          ))}
        </div>
        <div className={styles.field}>
          <textarea
            ref={box}
            rows={2}
            value={text}
            placeholder={messages.say}
            aria-label={messages.say}
            aria-describedby={`${id}hint`}
            aria-autocomplete="list"
            aria-controls={isOpen ? `${id}list` : undefined}
            aria-activedescendant={isOpen ? `${id}${found[current]?.id}` : undefined}
            aria-invalid={text.length > MAX_MESSAGE || undefined}
            onChange={({ target }) => {
              setText(target.value);
              findMention(target);
            }}
            onSelect={({ currentTarget }) => {
              // Not for a caret that a key of the list leaves in place.
              const at = mentionAt(currentTarget.value, currentTarget.selectionStart);
              if (at?.start !== mention?.start) setMention(at);
            }}
            onBlur={() => setMention(null)}
            onKeyDown={onKeyDown}
          />
          {isOpen && (
            <div id={`${id}list`} className={styles.list} role="listbox" aria-label={messages.mentions}>
              {found.map((person, index) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the keys of the list
                <div
                  key={person.id}
                  id={`${id}${person.id}`}
                  role="option"
                  aria-selected={index === current}
                  tabIndex={-1}
                  // The field keeps the focus.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => choose(person)}
                >
                  <Avatar name={person.name} index={group.participants.indexOf(person)} />
                  <Name>{person.name}</Name>
                </div>
              ))}
            </div>
          )}
          <p className="visually-hidden" role="status">
            {isOpen ? messages.mentionsFound(found.length) : ''}
          </p>
        </div>
        <details className={styles.options}>
          <summary>{messages.more}</summary>
          <label>
            {messages.mode}
            <select value={mode} onChange={({ target }) => setMode(target.value as Mode)}>
              <option value="simultaneous">{messages.modes.simultaneous}</option>
              <option value="in-turn">{messages.modes['in-turn']}</option>
            </select>
          </label>
          <label>
            {messages.stimulus}
            <textarea
              rows={3}
              value={stimulus}
              aria-invalid={stimulus.length > MAX_STIMULUS || undefined}
              onChange={({ target }) => setStimulus(target.value)}
            />
          </label>
        </details>
        <div className={styles.actions}>
          <p id={`${id}hint`} className={styles.hint}>
            {text.length > MAX_MESSAGE
              ? messages.tooLong(format.whole(text.length), format.whole(MAX_MESSAGE))
              : messages.sayHint}
          </p>
          {actions}
          <Button type="submit" kind="primary" disabled={!maySend}>
            {messages.send}
          </Button>
        </div>
      </form>
    </>
  );
}
