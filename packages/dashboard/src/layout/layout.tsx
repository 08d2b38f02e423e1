import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { sessionQuery } from '../api/session.ts';
import { LiveProvider } from '../live/live-provider.tsx';
import { useMessages } from '../messages/language-provider.tsx';
import { ErrorState, Loading } from '../parts/states.tsx';
import { Header } from './header.tsx';
import styles from './layout.module.css';
import { LoginPage } from './login-page.tsx';

const Palette = lazy(() => import('../palette/palette.tsx'));

/** What is around every page; the login where the server asks for a token. */
export function Layout() {
  const messages = useMessages('shell');
  const session = useQuery(sessionQuery);
  const isShare = useLocation({ select: ({ pathname }) => pathname === '/share' });
  useFocusOnNavigation();
  if (session.data === undefined)
    return session.isError ? (
      <main className={styles.alone}>
        <ErrorState error={session.error} onRetry={() => session.refetch()} />
      </main>
    ) : (
      <Loading />
    );
  // A read-only link logs in by itself.
  if (isShare)
    return (
      <main className={styles.main}>
        <Outlet />
      </main>
    );
  if (session.data.needsLogin) return <LoginPage />;
  return (
    <LiveProvider>
      <a className={styles.skip} href="#main">
        {messages.skip}
      </a>
      {session.data.taskId === null ? <WithPalette /> : <Header onSearch={null} />}
      <main id="main" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
    </LiveProvider>
  );
}

/** The header, and the search that it or Ctrl-K opens. */
function WithPalette() {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const open = (event: KeyboardEvent): void => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setIsOpen(true);
    };
    window.addEventListener('keydown', open);
    return () => window.removeEventListener('keydown', open);
  }, []);
  return (
    <>
      <Header onSearch={() => setIsOpen(true)} />
      {isOpen && (
        <Suspense>
          <Palette onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** After a change of page the focus is on its heading, where a screen reader goes on. */
function useFocusOnNavigation(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (fromLocation === undefined || !pathChanged) return;
        const target =
          document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main');
        target?.focus({ preventScroll: true });
      }),
    [router],
  );
}
