import styles from './share-bar.module.css';

/** A share of the width, with its interval. Its figures are beside it, so screen readers leave it out. */
export function ShareBar({
  share,
  interval,
}: {
  /** 0 to 1. */
  share: number;
  interval: { readonly low: number; readonly high: number } | null;
}) {
  const low = interval && place(interval.low);
  const high = interval && place(interval.high);
  return (
    <svg className={styles.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className={styles.track} width="100" height="10" />
      <path className={styles.tick} d="M25 0V10M50 0V10M75 0V10" />
      <rect className={styles.fill} width={place(share)} height="10" />
      {interval !== null && (
        <path className={styles.whisker} d={`M${low} 5H${high}M${low} 2.5V7.5M${high} 2.5V7.5`} />
      )}
    </svg>
  );
}

/** Percent of the width, at most 100: what several options have together can exceed a share of 1. */
function place(share: number): number {
  return Math.round(10_000 * Math.min(1, Math.max(0, share))) / 100;
}
