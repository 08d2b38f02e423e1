import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { explanationQuery, useAnswersSource } from '../../data/answers-source.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';
import { Explanation } from './explanation.tsx';
import styles from './why-panel.module.css';

/** How one answer came about, beside the grid; on a narrow screen over it. */
export function WhyPanel({
  taskId,
  interview,
  question,
  canStep,
  isAwaited,
  onStep,
  onClose,
}: {
  taskId: string;
  /** Its key. */
  interview: string;
  question: string;
  /** Whether there are others in the selection of the grid; `null` where only the task knows. */
  canStep: { readonly back: boolean | null; readonly on: boolean | null };
  /** Another answer is to be explained instead, whose row is being loaded. */
  isAwaited: boolean;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}) {
  const messages = useMessages('answers');
  const format = useFormat();
  const source = useAnswersSource();
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  const query = useQuery({
    ...explanationQuery(source, taskId, interview, question),
    placeholderData: keepPreviousData,
  });
  const found = query.data;
  // Over the grid it must be reached at once; beside it, the keys of the grid go on.
  useEffect(() => {
    const element = panel.current;
    if (element !== null && getComputedStyle(element).position === 'fixed') element.focus();
  }, []);
  const back = (): void => onStep(-1);
  const on = (): void => onStep(1);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'j') on();
    else if (event.key === 'k') back();
    else return;
    event.preventDefault();
  };
  return (
    <aside
      ref={panel}
      className={styles.panel}
      aria-labelledby={titleId}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      aria-busy={isAwaited || query.isPlaceholderData || undefined}
    >
      <header className={styles.header}>
        <h2 id={titleId}>{messages.why}</h2>
        <div className={styles.buttons}>
          <Button
            aria-label={messages.previous}
            title={`${messages.previous} (K)`}
            aria-keyshortcuts="K"
            disabled={!(canStep.back ?? found?.previous != null)}
            onClick={back}
          >
            ↑
          </Button>
          <Button
            aria-label={messages.next}
            title={`${messages.next} (J)`}
            aria-keyshortcuts="J"
            disabled={!(canStep.on ?? found?.next != null)}
            onClick={on}
          >
            ↓
          </Button>
          <Button aria-label={messages.close} title={messages.close} onClick={onClose}>
            ×
          </Button>
        </div>
      </header>
      <div aria-live="polite">
        {found !== undefined && (
          <p className={styles.who}>
            <bdi>{found.respondentId}</bdi>
            {found.replicate > 0 && <> · {messages.replicate(format.whole(found.replicate + 1))}</>}
            <span> · {messages.position(format.whole(found.position + 1), format.whole(found.total))}</span>
          </p>
        )}
      </div>
      {query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {found !== undefined && !query.isError && <Explanation answer={found} />}
    </aside>
  );
}
