import type { ReactNode } from 'react';
import styles from './scroll-region.module.css';

/** What may be wider than the page. It has the focus, so that keys scroll it. */
export function ScrollRegion({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.region} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
