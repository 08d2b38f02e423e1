import { Link } from '@tanstack/react-router';
import { useMessages } from '../messages/language-provider.tsx';
import { buttonClass } from '../parts/button.tsx';
import { Page } from '../parts/page.tsx';

export function NotFoundPage() {
  const messages = useMessages('shell');
  return (
    <Page title={messages.notFoundTitle}>
      <p>{messages.notFoundAdvice}</p>
      <p>
        <Link to="/" className={buttonClass()}>
          {messages.toTasks}
        </Link>
      </p>
    </Page>
  );
}
