import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext } from '@tanstack/react-router';
import { Layout } from './layout/layout.tsx';
import { NotFoundPage } from './layout/not-found-page.tsx';

/** What all pages are in. Each area adds its routes in `pages/<area>/route.ts`. */
export const rootRoute = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  component: Layout,
  notFoundComponent: NotFoundPage,
});
