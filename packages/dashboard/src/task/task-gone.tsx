import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { useMessages } from '../messages/language-provider.tsx';
import { buttonClass } from '../parts/button.tsx';
import { EmptyState } from '../parts/states.tsx';

/** In place of a task that was deleted while it was looked at. */
export function TaskGone() {
  const messages = useMessages('tasks');
  // A shared link shows no list.
  const isShared = useQuery(sessionQuery).data?.taskId != null;
  return (
    <div role="alert">
      <EmptyState title={messages.gone}>
        {!isShared && (
          <Link to="/" className={buttonClass()}>
            {messages.toList}
          </Link>
        )}
      </EmptyState>
    </div>
  );
}
