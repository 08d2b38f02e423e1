import type { AnswerColumn } from '../../data/answers-source.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import styles from './answer-toolbar.module.css';

const MOST_COLUMNS = 100;

/** Which columns the grid has. */
export function ColumnMenu({
  all,
  shown,
  onChange,
}: {
  all: readonly AnswerColumn[];
  shown: readonly AnswerColumn[];
  /** `undefined`: all questions. */
  onChange: (columns: readonly string[] | undefined) => void;
}) {
  const messages = useMessages('answers');
  const format = useFormat();
  const ids = new Set(shown.map(({ id }) => id));
  const isFull = ids.size >= MOST_COLUMNS;
  const toggle = (id: string, isShown: boolean): void =>
    onChange(all.flatMap((each) => ((each.id === id ? isShown : ids.has(each.id)) ? [each.id] : [])));
  return (
    <div className={styles.columns}>
      <Button onClick={() => onChange(undefined)}>{messages.allQuestions}</Button>
      {isFull && <p className={styles.counts}>{messages.tooMany(format.whole(MOST_COLUMNS))}</p>}
      {(['persona', 'question'] as const).map((kind) => {
        const ofKind = all.filter((column) => column.kind === kind);
        if (ofKind.length === 0) return null;
        return (
          <fieldset key={kind}>
            <legend>{kind === 'persona' ? messages.personas : messages.questions}</legend>
            {ofKind.map(({ id, title }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={ids.has(id)}
                  disabled={ids.has(id) ? ids.size === 1 : isFull}
                  onChange={({ target }) => toggle(id, target.checked)}
                />
                <span dir="auto">{title}</span>
              </label>
            ))}
          </fieldset>
        );
      })}
    </div>
  );
}
