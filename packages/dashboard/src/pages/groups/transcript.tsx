import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { GroupDetail, GroupTurns } from '../../api/types.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { earlierTurns, turnsQuery } from './group-queries.ts';
import { withEarlier } from './merge-turns.ts';
import styles from './transcript.module.css';
import { TurnItem } from './turn-item.tsx';

/** Pixels from the end within which the page follows what is said. */
const NEAR = 120;

/** What was said, in order. At its end it follows what comes; further up it stays where it is read. */
export function Transcript({ group, data }: { group: GroupDetail; data: GroupTurns }) {
  const messages = useMessages('groups');
  const toasts = useToasts();
  const queries = useQueryClient();
  const { focusGroupId } = group;
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const turns = data.turns.filter(({ content }) => content.kind !== 'opening');
  const earlier = useMutation({
    mutationFn: (before: number) => earlierTurns(focusGroupId, before),
    onSuccess: (page) => {
      const height = box.current?.scrollHeight ?? 0;
      queries.setQueryData<GroupTurns>(
        turnsQuery(focusGroupId, queries).queryKey,
        (known) => known && withEarlier(known, page),
      );
      // What is read stays where it is.
      requestAnimationFrame(() => {
        if (box.current !== null) box.current.scrollTop += box.current.scrollHeight - height;
      });
    },
    onError: toasts.showError,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever comes makes it longer
  useEffect(() => {
    if (isAtEnd && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [data, isAtEnd]);
  return (
    <div className={styles.frame}>
      <section
        ref={box}
        className={styles.box}
        aria-label={messages.transcript}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setIsAtEnd(scrollHeight - scrollTop - clientHeight < NEAR)
        }
      >
        {data.before !== null && (
          <Button
            isBusy={earlier.isPending}
            onClick={() => data.before !== null && earlier.mutate(data.before)}
          >
            {messages.earlier}
          </Button>
        )}
        {turns.length === 0 && <p className={styles.nothing}>{messages.nothingSaid}</p>}
        <ol className={styles.turns}>
          {turns.map((turn, index) => (
            <TurnItem key={turn.taskId} group={group} turn={turn} isLast={index === turns.length - 1} />
          ))}
        </ol>
      </section>
      {!isAtEnd && (
        <Button
          className={styles.down}
          onClick={() => box.current?.scrollTo({ top: box.current.scrollHeight })}
        >
          {messages.toNewest}
        </Button>
      )}
    </div>
  );
}
