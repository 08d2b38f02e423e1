import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { ApiError } from '../api/api-error.ts';
import { login, sessionQuery } from '../api/session.ts';
import { useMessages } from '../messages/language-provider.tsx';
import { Button } from '../parts/button.tsx';
import styles from './login-page.module.css';
import { Preferences } from './preferences.tsx';

export function LoginPage() {
  const { login: messages } = useMessages('shell');
  const queries = useQueryClient();
  const tokenId = useId();
  const errorId = useId();
  const entering = useMutation({
    mutationFn: login,
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token === 'string' && token !== '') entering.mutate(token.trim());
  };
  const isWrong = entering.error instanceof ApiError && entering.error.status === 401;
  return (
    <main className={styles.page}>
      <form className={styles.form} onSubmit={submit}>
        <header className={styles.header}>
          <h1>Panelist</h1>
          <Preferences />
        </header>
        <p>{messages.hint}</p>
        <label htmlFor={tokenId}>{messages.token}</label>
        <input
          id={tokenId}
          name="token"
          type="password"
          autoComplete="current-password"
          required
          maxLength={1_000}
          aria-invalid={entering.isError || undefined}
          aria-describedby={errorId}
        />
        <p id={errorId} className={styles.error} aria-live="polite">
          {entering.isError && (isWrong ? messages.wrong : entering.error.message)}
        </p>
        <Button kind="primary" type="submit" isBusy={entering.isPending}>
          {messages.submit}
        </Button>
      </form>
    </main>
  );
}
