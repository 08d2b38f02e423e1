import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';

export const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tasks/$taskId',
  validateSearch: ({ by }: Record<string, unknown>): { readonly by?: string | undefined } => ({
    by: typeof by === 'string' && by !== '' ? by.slice(0, 200) : undefined,
  }),
  component: lazyRouteComponent(() => import('./run-page.tsx'), 'RunPage'),
});
