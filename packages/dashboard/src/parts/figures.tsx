import type { ReactNode } from 'react';
import styles from './figures.module.css';

/** A list of names with their figures. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>;
}

export function Figure({
  name,
  tone,
  isTotal = false,
  children,
}: {
  name: string;
  tone?: 'good' | 'bad' | undefined;
  isTotal?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={styles.figure} data-total={isTotal || undefined}>
      <dt>{name}</dt>
      <dd data-tone={tone}>{children}</dd>
    </div>
  );
}
