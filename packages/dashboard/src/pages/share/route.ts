import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';

/** Where a read-only link leads first. Its token is behind the hash, which a browser sends to nobody. */
export const shareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/share',
  component: lazyRouteComponent(() => import('./share-page.tsx'), 'SharePage'),
});
