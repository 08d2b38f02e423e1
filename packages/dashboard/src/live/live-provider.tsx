import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import { useMessages } from '../messages/language-provider.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { afterTimeout } from './at-most-every.ts';
import { LiveConnection } from './live-connection.ts';

/** How long a hidden tab keeps its connection. */
const HIDDEN_MS = 10_000;

const LiveContext = createContext<LiveConnection | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const messages = useMessages('shell');
  const [connection] = useState(
    () => new LiveConnection({ open: (address) => new EventSource(address), after: afterTimeout }),
  );

  useEffect(() => {
    let cancel = (): void => {};
    const follow = (): void => {
      cancel();
      if (document.visibilityState === 'visible') connection.resume();
      else cancel = afterTimeout(HIDDEN_MS, () => connection.pause());
    };
    // Before it is replaced, the page gives up its connection: else the next page waits for a free one.
    const leave = (): void => connection.pause();
    follow();
    document.addEventListener('visibilitychange', follow);
    window.addEventListener('pagehide', leave);
    window.addEventListener('pageshow', follow);
    return () => {
      cancel();
      document.removeEventListener('visibilitychange', follow);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', follow);
      connection.pause();
    };
  }, [connection]);

  useEffect(
    () =>
      connection.onRestart(() => {
        toasts.show({ id: 'restarted', kind: 'info', title: messages.restarted });
        void queries.invalidateQueries();
      }),
    [connection, queries, toasts, messages],
  );

  // The stream doesn't say why it was refused: the session may have ended.
  useEffect(
    () =>
      connection.onState(() => {
        if (connection.state === 'reconnecting') void queries.invalidateQueries({ queryKey: ['session'] });
      }),
    [connection, queries],
  );

  return <LiveContext value={connection}>{children}</LiveContext>;
}

/** For pages that no server changes: nothing is watched. */
export function WithoutLive({ children }: { children: ReactNode }) {
  const [connection] = useState(
    () => new LiveConnection({ open: (address) => new EventSource(address), after: afterTimeout }),
  );
  return <LiveContext value={connection}>{children}</LiveContext>;
}

export function useLiveConnection(): LiveConnection {
  const connection = use(LiveContext);
  if (connection === null) throw new Error('This component must be inside a LiveProvider.');
  return connection;
}

export function useLiveState(): LiveConnection['state'] {
  const connection = useLiveConnection();
  return useSyncExternalStore(
    (onChange) => connection.onState(onChange),
    () => connection.state,
  );
}
