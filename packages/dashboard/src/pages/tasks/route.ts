import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';

/** What the list shows: the address is the state. */
export interface TasksSearch {
  readonly status?: string | undefined;
  readonly kind?: string | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
}

export const tasksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: ({ status, kind, search, after }: Record<string, unknown>): TasksSearch => ({
    status: textOf(status),
    kind: textOf(kind),
    search: textOf(search),
    after: textOf(after),
  }),
  component: lazyRouteComponent(() => import('./tasks-page.tsx'), 'TasksPage'),
});

/** The router reads a search for 2024 as a number. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text.slice(0, 500) : undefined;
}
