import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';

export function GroupsPage() {
  const messages = useMessages('groups');
  return <Page title={messages.title}>{null}</Page>;
}
