import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { answersRoute } from './pages/answers/route.ts';
import { compareRoute } from './pages/compare/route.ts';
import { groupRoute, groupsRoute, newGroupRoute } from './pages/groups/route.ts';
import { newSurveyRoute } from './pages/new-survey/route.ts';
import { runRoute } from './pages/run/route.ts';
import { shareRoute } from './pages/share/route.ts';
import { tasksRoute } from './pages/tasks/route.ts';
import { workersRoute } from './pages/workers/route.ts';
import { ErrorState, Loading } from './parts/states.tsx';
import { rootRoute } from './root-route.tsx';

export function createPageRouter(queries: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([
      tasksRoute,
      runRoute,
      answersRoute,
      newSurveyRoute,
      groupsRoute,
      newGroupRoute,
      groupRoute,
      compareRoute,
      workersRoute,
      shareRoute,
    ]),
    context: { queries },
    // Pages load their data by queries, which refetch as live events come.
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
