import { Toast } from '@base-ui/react/toast';
import { type ReactNode, useMemo } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useMessages } from '../messages/language-provider.tsx';
import styles from './toasts.module.css';

export interface ToastText {
  /** One with the same id is replaced. */
  readonly id?: string;
  readonly kind: 'info' | 'good' | 'bad';
  readonly title: string;
  readonly description?: string | undefined;
}

/** Errors stay until they are closed or read: 15 s. */
const BAD_MS = 15_000;
const MS = 6_000;

export function useToasts(): {
  show(text: ToastText): void;
  /** Says what a failed request said. */
  showError(error: unknown): void;
} {
  const { add } = Toast.useToastManager();
  const messages = useMessages('parts');
  return useMemo(() => {
    const show = ({ id, kind, title, description }: ToastText): void => {
      const isBad = kind === 'bad';
      const priority = isBad ? 'high' : 'low';
      add({ id, type: kind, title, description, priority, timeout: isBad ? BAD_MS : MS });
    };
    const showError = (error: unknown): void => {
      if (error instanceof ApiError && error.code === 'UNREACHABLE') {
        show({ id: 'unreachable', kind: 'bad', title: messages.unreachable });
        return;
      }
      const title = error instanceof Error ? error.message : String(error);
      show({ kind: 'bad', title, description: error instanceof ApiError ? error.advice : undefined });
    };
    return { show, showError };
  }, [add, messages]);
}

export function ToastRegion({ children }: { children: ReactNode }) {
  const messages = useMessages('parts');
  return (
    <Toast.Provider limit={4}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport} aria-label={messages.notifications}>
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const messages = useMessages('parts');
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast}>
      <Toast.Content className={styles.content}>
        <Toast.Title className={styles.title} render={<p />} />
        <Toast.Description className={styles.description} />
      </Toast.Content>
      <Toast.Close className={styles.close} aria-label={messages.close}>
        ×
      </Toast.Close>
    </Toast.Root>
  ));
}
