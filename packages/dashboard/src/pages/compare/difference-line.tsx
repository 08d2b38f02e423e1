import type { Effect } from './comparison-query.ts';
import styles from './comparison-view.module.css';

const WIDTH = 100;

/** A difference as a dot on a line around zero, with its interval. Its figures are beside it. */
export function DifferenceLine({ effect, range }: { effect: Effect; range: number }) {
  const { value, interval } = effect;
  const place = (of: number): number => Math.round(50 + (Math.min(range, Math.max(-range, of)) / range) * 46);
  return (
    <svg className={styles.line} viewBox={`0 0 ${WIDTH} 12`} aria-hidden="true">
      <path className={styles.axis} d={`M0 6H${WIDTH}M50 1V11`} />
      {interval !== null && (
        <path className={styles.whisker} d={`M${place(interval.low)} 6H${place(interval.high)}`} />
      )}
      <circle className={styles.dot} cx={place(value)} cy="6" r="3" />
    </svg>
  );
}
