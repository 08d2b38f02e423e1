import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { useLiveState } from '../live/live-provider.tsx';
import { useMessages } from '../messages/language-provider.tsx';
import styles from './header.module.css';
import { Preferences } from './preferences.tsx';

const isMac = /mac/i.test(navigator.platform);

/** @param onSearch `null` for a shared link: it leads to one run, and there is nothing else to go to */
export function Header({ onSearch }: { onSearch: (() => void) | null }) {
  const messages = useMessages('shell');
  const { data: session } = useQuery(sessionQuery);
  return (
    <header className={styles.header}>
      {onSearch === null ? <span className={styles.brand}>Panelist</span> : <Pages />}
      <div className={styles.tools}>
        <Connection />
        {session?.role === 'read' && (
          <span className={styles.readOnly} title={messages.readOnlyHint}>
            {messages.readOnly}
          </span>
        )}
        {onSearch !== null && (
          <button
            type="button"
            className={styles.search}
            aria-keyshortcuts="Control+K Meta+K"
            onClick={onSearch}
          >
            {messages.search}
            <span className={styles.keys} aria-hidden="true">
              {isMac ? '⌘K' : 'Ctrl K'}
            </span>
          </button>
        )}
        <Preferences />
      </div>
    </header>
  );
}

function Pages() {
  const messages = useMessages('shell');
  return (
    <>
      <Link to="/" className={styles.brand}>
        Panelist
      </Link>
      <nav className={styles.nav} aria-label={messages.navigation}>
        <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
          {messages.tasks}
        </Link>
        <Link to="/new">{messages.newSurvey}</Link>
        <Link to="/groups">{messages.groups}</Link>
        <Link to="/compare" activeOptions={{ includeSearch: false }}>
          {messages.compare}
        </Link>
        <Link to="/workers">{messages.workers}</Link>
      </nav>
    </>
  );
}

/** Whether what is displayed is up to date. It is announced when the connection is lost. */
function Connection() {
  const messages = useMessages('shell');
  const state = useLiveState();
  const text =
    state === 'reconnecting' ? messages.reconnecting : state === 'live' ? messages.live : messages.connecting;
  return (
    <span className={styles.connection} data-state={state} role="status">
      {text}
    </span>
  );
}
