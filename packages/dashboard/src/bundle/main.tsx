import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createHashHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Link,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { sessionQuery } from '../api/session.ts';
import { AnswersSourceContext } from '../data/answers-source.ts';
import { Preferences } from '../layout/preferences.tsx';
import { WithoutLive } from '../live/live-provider.tsx';
import { LanguageProvider } from '../messages/language-provider.tsx';
import { languagePreference, loadMessages } from '../messages/messages.ts';
import { AnswersPage } from '../pages/answers/answers-page.tsx';
import { answersSearch } from '../pages/answers/answers-search.ts';
import { ErrorState } from '../parts/states.tsx';
import { ToastRegion } from '../parts/toasts.tsx';
import { summaryQuery } from '../task/task-queries.ts';
import '../theme.css';
import { applyTheme } from '../theme.ts';
import { bundleAnswers } from './bundle-answers.ts';
import { type BundleRun, loadPart } from './bundle-data.ts';
import styles from './bundle-page.module.css';
import { BundlePage } from './bundle-page.tsx';

/** The page of a bundle: the run and its answers, read from files. */
async function start(): Promise<void> {
  applyTheme();
  const language = languagePreference.get();
  const [messages, run] = await Promise.all([loadMessages(language), loadPart<BundleRun>('run')]);
  createRoot(document.getElementById('root') as HTMLElement).render(
    <LanguageProvider initial={{ language, messages }}>
      <QueryClientProvider client={queriesOf(run)}>
        <ToastRegion>
          <AnswersSourceContext value={bundleAnswers(run)}>
            <WithoutLive>
              <RouterProvider router={routerOf(run) as never} />
            </WithoutLive>
          </AnswersSourceContext>
        </ToastRegion>
      </QueryClientProvider>
    </LanguageProvider>,
  );
}

/** Nothing is read from a server: what pages ask for is there. */
function queriesOf({ task: { taskId }, summary, groupings }: BundleRun): QueryClient {
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, networkMode: 'always' } },
  });
  queries.setQueryData(sessionQuery.queryKey, {
    ...{
      user: '',
      role: 'read',
      taskId: null,
      needsLogin: false,
      canLogOut: false,
      version: '',
      instance: '',
    },
  } as never);
  queries.setQueryData(summaryQuery(taskId, undefined).queryKey, summary);
  for (const { by, tables } of groupings)
    queries.setQueryData(summaryQuery(taskId, by).queryKey, { ...summary, crossTables: tables });
  return queries;
}

/** The same paths as on a server, behind a `#`: pages find their routes by them. */
function routerOf(run: BundleRun) {
  const { taskId } = run.task;
  const rootRoute = createRootRouteWithContext()({
    component: () => (
      <>
        <header className={styles.header}>
          <Link to="/tasks/$taskId" params={{ taskId }}>
            Panelist
          </Link>
          <Preferences />
        </header>
        <main>
          <Outlet />
        </main>
      </>
    ),
    notFoundComponent: () => <BundlePage run={run} />,
  });
  const runRoute = createRoute({
    getParentRoute: () => rootRoute,
    path: '/tasks/$taskId',
    validateSearch: ({ by }: Record<string, unknown>) => ({ by: typeof by === 'string' ? by : undefined }),
    component: () => <BundlePage run={run} />,
  });
  const answersRoute = createRoute({
    getParentRoute: () => rootRoute,
    path: '/tasks/$taskId/answers',
    validateSearch: answersSearch,
    component: AnswersPage,
  });
  const history = createHashHistory();
  if (history.location.pathname === '/') history.replace(`/tasks/${encodeURIComponent(taskId)}`);
  return createRouter({
    routeTree: rootRoute.addChildren([runRoute, answersRoute]),
    history,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    scrollRestoration: true,
  });
}

void start();
