import type { ReactNode } from 'react';
import styles from './notice.module.css';

/** A remark that should not be overlooked. It is announced when it appears. */
export function Notice({ kind = 'info', children }: { kind?: 'info' | 'warn' | 'bad'; children: ReactNode }) {
  return (
    <div className={styles.notice} data-kind={kind} role="status">
      {children}
    </div>
  );
}
