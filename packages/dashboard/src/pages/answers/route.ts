import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';

export const answersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tasks/$taskId/answers',
  component: lazyRouteComponent(() => import('./answers-page.tsx'), 'AnswersPage'),
});
