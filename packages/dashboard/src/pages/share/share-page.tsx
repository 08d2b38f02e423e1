import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { login, sessionQuery } from '../../api/session.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';

/** Takes a read-only link, and goes on to its run. Who is logged in anyway stays who they are. */
export function SharePage() {
  const messages = useMessages('share');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { mutate, error, isError } = useMutation({
    mutationFn: login,
    onSuccess: (opened) => queries.setQueryData(sessionQuery.queryKey, opened),
  });
  const token = location.hash.slice(1);
  // A link to another run than the one that is shared already is logged in to as well.
  const linked = token.split('.')[0] ?? '';
  const isIn = session !== undefined && !session.needsLogin && (session.taskId ?? linked) === linked;
  const mustLogIn = session !== undefined && !isIn;

  useEffect(() => {
    if (isIn) void navigate({ to: '/tasks/$taskId', params: { taskId: linked }, replace: true });
    else if (mustLogIn && token !== '') mutate(token);
  }, [isIn, mustLogIn, linked, token, mutate, navigate]);

  return (
    <Page title={messages.title}>
      {token === '' || isError ? <p>{messages.invalid}</p> : <Loading label={messages.opening} />}
      {isError && <ErrorState error={error} />}
    </Page>
  );
}
