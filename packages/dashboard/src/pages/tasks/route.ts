import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';
import { tasksSearch } from './tasks-search.ts';

export const tasksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import('./tasks-page.tsx'), 'TasksPage'),
});
