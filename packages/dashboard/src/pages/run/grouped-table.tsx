import type { CrossTable } from '../../api/types.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { withKeys } from '../../parts/with-keys.ts';
import styles from './grouped-table.module.css';

/** A question by groups: a column each. Letters name the groups with a lower share or mean. */
export function GroupedTable({
  title,
  table: { groups, rows, adjustedP, cramersV },
  language,
}: {
  title: string;
  table: CrossTable;
  language: string;
}) {
  const messages = useMessages('run');
  const format = useFormat();
  const hasMeans = groups.some(({ numbers }) => numbers !== null);
  return (
    // A wide table scrolls by itself, with the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.scroll} tabIndex={0} aria-label={title}>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            {groups.map(({ label, letter, n }) => (
              <th key={letter} scope="col">
                <span className={styles.letter}>{letter}</span> {label}
                <span className={styles.base}>n = {format.whole(n)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {withKeys(rows ?? [], ({ label }) => label).map(({ key, value: { label, cells } }) => (
            <tr key={key}>
              <th scope="row" lang={language} dir="auto">
                {label}
              </th>
              {cells.map(({ share, interval, higherThan }, index) => (
                <td key={groups[index]?.letter ?? index}>
                  <ShareBar share={share} interval={interval} />
                  <span>
                    {format.percent(share)} <Letters letters={higherThan} />
                  </span>
                </td>
              ))}
            </tr>
          ))}
          {hasMeans && (
            <tr>
              <th scope="row">{messages.mean}</th>
              {groups.map(({ letter, numbers, higherThan }) => (
                <td key={letter}>
                  {numbers === null ? '–' : format.decimal(numbers.mean, 2)}
                  {numbers?.interval != null &&
                    ` (${format.decimal(numbers.interval.low, 2)} – ${format.decimal(numbers.interval.high, 2)})`}{' '}
                  <Letters letters={higherThan} />
                </td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
      {adjustedP !== null && (
        <p className={styles.base}>
          {messages.groupsDiffer(adjustedP < 0.001 ? '< 0.001' : `= ${format.decimal(adjustedP, 3)}`)}
          {cramersV !== null && <> · V = {format.decimal(cramersV, 2)}</>}
        </p>
      )}
    </section>
  );
}

function Letters({ letters }: { letters: readonly string[] }) {
  const messages = useMessages('run');
  if (letters.length === 0) return null;
  return (
    <abbr className={styles.letter} title={messages.higherThan(letters.join(', '))}>
      {letters.join(' ')}
    </abbr>
  );
}
