import { useCallback, useEffect, useRef, useState } from 'react';
import type { GroupDetail, GroupReply } from '../../api/types.ts';
import type { LiveEvent } from '../../live/live-event.ts';
import { useMessages } from '../../messages/language-provider.tsx';

/** A screen reader hears who has replied at most so often. */
const EVERY_MS = 3_000;
const MAX_NAMES = 5;

/** Says to screen readers what happens, without what is said: that is in the transcript. */
export function useAnnouncer(participants: GroupDetail['participants'] | undefined): {
  readonly text: string;
  readonly onEvent: (event: LiveEvent) => void;
} {
  const messages = useMessages('groups');
  const [text, setText] = useState('');
  const replied = useRef(new Set<string>());
  /** Turns and replies that were. */
  const announced = useRef(new Set<string>());
  const said = useRef('');
  const timer = useRef<number>(undefined);
  const names = useRef(new Map<string, string>());
  names.current = new Map(participants?.map(({ id, name }) => [id, name]));
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const onEvent = useCallback(
    (event: LiveEvent): void => {
      const heard = (taskId: string, reply: GroupReply): void => {
        const key = `${taskId} ${reply.participantId}`;
        if (reply.status !== 'replied' || announced.current.has(key)) return;
        announced.current.add(key);
        replied.current.add(reply.participantId);
      };
      if (event.type === 'reply') heard(event.reply.taskId, event.reply.reply);
      else if (event.type === 'turn' && event.turn.content.kind === 'round') {
        const { taskId, content } = event.turn;
        if (!announced.current.has(taskId)) said.current = content.message;
        announced.current.add(taskId);
        for (const reply of content.replies) heard(taskId, reply);
      } else return;
      timer.current ??= window.setTimeout(() => {
        timer.current = undefined;
        const people = [...replied.current].map((id) => names.current.get(id) ?? id);
        replied.current.clear();
        const question = said.current === '' ? '' : messages.newQuestion(said.current);
        said.current = '';
        const shown = people.slice(0, MAX_NAMES).join(', ') + (people.length > MAX_NAMES ? ' …' : '');
        const answers = people.length === 0 ? '' : messages.newReplies(shown, people.length);
        setText([question, answers].filter((part) => part !== '').join(' '));
      }, EVERY_MS);
    },
    [messages],
  );
  return { text, onEvent };
}
