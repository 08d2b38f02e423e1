import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.tsx';

/** Which runs are compared. A file of people's answers stays in the page: an address cannot hold it. */
export interface CompareSearch {
  readonly task?: string | undefined;
  readonly other?: string | undefined;
}

export const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/compare',
  validateSearch: ({ task, other }: Record<string, unknown>): CompareSearch => ({
    task: idOf(task),
    other: idOf(other),
  }),
  component: lazyRouteComponent(() => import('./compare-page.tsx'), 'ComparePage'),
});

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.#@-]{1,200}$/.test(value) ? value : undefined;
}
