import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';

export interface GroupsSearch {
  /** The cursor of a page; the newest without it. */
  readonly after?: string | undefined;
}

export const groupsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/groups',
  validateSearch: ({ after }: Record<string, unknown>): GroupsSearch => ({
    after: typeof after === 'string' && after !== '' ? after.slice(0, 300) : undefined,
  }),
  component: lazyRouteComponent(() => import('./groups-page.tsx'), 'GroupsPage'),
});

/** Not under `/groups/`, where a group may have any name. */
export const newGroupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/new-group',
  component: lazyRouteComponent(() => import('./new-group-page.tsx'), 'NewGroupPage'),
});

export interface GroupSearch {
  readonly view?: 'results' | undefined;
}

export const groupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/groups/$groupId',
  validateSearch: ({ view }: Record<string, unknown>): GroupSearch => ({
    view: view === 'results' ? view : undefined,
  }),
  component: lazyRouteComponent(() => import('./group-page.tsx'), 'GroupPage'),
});
