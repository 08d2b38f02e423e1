import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useMessages } from '../messages/language-provider.tsx';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import styles from './states.module.css';

/** While something loads. It appears after a moment only, so that what is quick doesn't flicker. */
export function Loading({ label }: { label?: string }) {
  const messages = useMessages('parts');
  return (
    <p className={styles.loading} role="status">
      {label ?? messages.loading}
    </p>
  );
}

/** What failed, why, and what to do next. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const messages = useMessages('parts');
  const { title, detail, advice, code } = useErrorTexts(error);
  return (
    <div className={styles.error} role="alert">
      <p className={styles.title}>{title}</p>
      {detail !== undefined && <p>{detail}</p>}
      {advice !== undefined && <p>{advice}</p>}
      {code !== undefined && <p className={styles.code}>{code}</p>}
      {onRetry !== undefined && <Button onClick={onRetry}>{messages.retry}</Button>}
    </div>
  );
}

/** Above what is shown still, after it could not be read again. */
export function OutOfDate({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const messages = useMessages('parts');
  const { detail } = useErrorTexts(error);
  return (
    <Notice kind="warn">
      <p>{messages.outOfDate}</p>
      {detail !== undefined && <p>{detail}</p>}
      <p>
        <Button onClick={onRetry}>{messages.retry}</Button>
      </p>
    </Notice>
  );
}

/** What an error says to a person. */
export function useErrorTexts(error: unknown): {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly advice?: string | undefined;
  readonly code?: string | undefined;
} {
  const messages = useMessages('parts');
  if (!(error instanceof ApiError)) return { title: messages.failed, detail: String(error) };
  if (error.code === 'UNREACHABLE') return { title: messages.failed, detail: messages.unreachable };
  return { title: messages.failed, detail: error.message, advice: error.advice, code: error.code };
}

/** Nothing is there yet: what this place is for and how to fill it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
