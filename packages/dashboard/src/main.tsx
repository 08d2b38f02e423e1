import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/api-error.ts';
import { learnOwnOnly } from './api/session.ts';
import { LanguageProvider } from './messages/language-provider.tsx';
import { languagePreference, loadMessages } from './messages/messages.ts';
import { ToastRegion } from './parts/toasts.tsx';
import { createPageRouter } from './router.tsx';
import './theme.css';
import { applyTheme } from './theme.ts';

const RELOADED = 'panelist.reloaded';
/** A part that is missing for another reason must not reload the page for ever. */
const RELOAD_EVERY_MS = 30_000;

applyTheme();

// After an update of the server, parts of the page that this tab has not loaded yet are under other names.
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem(RELOADED));
  sessionStorage.setItem(RELOADED, String(Date.now()));
  if (Date.now() - last > RELOAD_EVERY_MS) location.reload();
});

const queries: QueryClient = new QueryClient({
  mutationCache: new MutationCache({ onError: (error) => learnOwnOnly(queries, error) }),
  defaultOptions: {
    queries: {
      // What changes is reported by live events.
      staleTime: 30_000,
      // A refusal stays one; a server that is started again answers soon.
      retry: (failures, error) =>
        failures < 3 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
      // The address is often this very machine: works without a network.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
const router = createPageRouter(queries);
const language = languagePreference.get();
const messages = await loadMessages(language);

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <LanguageProvider initial={{ language, messages }}>
      <QueryClientProvider client={queries}>
        <ToastRegion>
          <RouterProvider router={router} />
        </ToastRegion>
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
);
