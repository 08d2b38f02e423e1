import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useId, useRef, useSyncExternalStore } from 'react';
import { logout, sessionQuery } from '../api/session.ts';
import { useMessages } from '../messages/language-provider.tsx';
import { languageNames, languagePreference, languages } from '../messages/messages.ts';
import { Button } from '../parts/button.tsx';
import { useToasts } from '../parts/toasts.tsx';
import type { StoredPreference } from '../stored-preference.ts';
import { themePreference, themes } from '../theme.ts';
import styles from './preferences.module.css';

/** Language, colours and the session, in a popover of the header. */
export function Preferences() {
  const messages = useMessages('shell');
  const popover = useRef<HTMLDivElement>(null);
  const id = useId();
  return (
    <>
      <button type="button" className={styles.open} popoverTarget={id} aria-label={messages.preferences}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path
            d="M3 6h8m4 0h2M3 14h2m4 0h8M13 4v4M7 12v4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
            strokeLinecap="round"
          />
        </svg>
      </button>
      <div ref={popover} id={id} popover="auto" className={styles.popover}>
        <Choice
          label={messages.language}
          preference={languagePreference}
          values={languages}
          names={languageNames}
        />
        <Choice label={messages.theme} preference={themePreference} values={themes} names={messages.themes} />
        <Account popover={popover} />
      </div>
    </>
  );
}

function Choice<T extends string>({
  label,
  preference,
  values,
  names,
}: {
  label: string;
  preference: StoredPreference<T>;
  values: readonly T[];
  names: Readonly<Record<T, string>>;
}) {
  const chosen = useSyncExternalStore(preference.subscribe, preference.get);
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {values.map((value) => (
        <label key={value}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => preference.set(value)} />
          {names[value]}
        </label>
      ))}
    </fieldset>
  );
}

/** Nothing where the server knows no users. */
function Account({ popover }: { popover: RefObject<HTMLDivElement | null> }) {
  const messages = useMessages('shell');
  const toasts = useToasts();
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const leaving = useMutation({
    mutationFn: logout,
    onSuccess: (left) => {
      popover.current?.hidePopover();
      // What the user has read must not be there for the next one.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
      queries.setQueryData(sessionQuery.queryKey, left);
    },
    onError: toasts.showError,
  });
  if (session?.user == null || !session.canLogOut) return null;
  return (
    <div className={styles.account}>
      <p>{messages.signedInAs(session.user)}</p>
      <Button isBusy={leaving.isPending} onClick={() => leaving.mutate()}>
        {messages.signOut}
      </Button>
    </div>
  );
}
