import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { afterTimeout } from '../../live/at-most-every.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import styles from './task-filters.module.css';
import { kinds, type TasksSearch } from './tasks-search.ts';

const route = getRouteApi('/');
/** Milliseconds after the last key before the search is sent. */
const TYPING_MS = 300;
const statuses = ['running', 'pending', 'paused', 'completed', 'failed', 'cancelled'] as const;

export function TaskFilters() {
  const messages = useMessages('tasks');
  const parts = useMessages('parts');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: TasksSearch): void => {
    // A new selection begins with its newest task.
    void navigate({ search: (before) => ({ ...before, after: undefined, ...changed }), replace: true });
  };
  return (
    <search className={styles.filters} aria-label={messages.filters}>
      <SearchField value={search.search ?? ''} onChange={(text) => change({ search: text || undefined })} />
      <label>
        <span>{messages.status}</span>
        <select
          value={search.status ?? ''}
          onChange={({ target }) => change({ status: target.value || undefined })}
        >
          <option value="">{messages.all}</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {parts.statuses[status]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{messages.kind}</span>
        <select
          value={search.kind ?? ''}
          onChange={({ target }) => change({ kind: kinds.find((kind) => kind === target.value) })}
        >
          <option value="">{messages.all}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {messages.kinds[kind]}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}

/** Searches once the typing pauses. Back and forward change its text. */
function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const messages = useMessages('tasks');
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
    <label className={styles.search}>
      <span>{messages.search}</span>
      <input
        type="search"
        value={text}
        placeholder={messages.searchPlaceholder}
        maxLength={200}
        onChange={({ target }) => type(target.value)}
      />
    </label>
  );
}
