import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';
import { answersSearch } from './answers-search.ts';

export const answersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tasks/$taskId/answers',
  validateSearch: answersSearch,
  component: lazyRouteComponent(() => import('./answers-page.tsx'), 'AnswersPage'),
});
