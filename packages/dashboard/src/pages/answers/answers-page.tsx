import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';

export function AnswersPage() {
  const messages = useMessages('answers');
  return <Page title={messages.title}>{null}</Page>;
}
