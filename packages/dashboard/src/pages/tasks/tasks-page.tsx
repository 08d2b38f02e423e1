import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';

export function TasksPage() {
  const messages = useMessages('tasks');
  return <Page title={messages.title}>{null}</Page>;
}
