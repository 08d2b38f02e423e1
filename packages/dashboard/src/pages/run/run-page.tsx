import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';

export function RunPage() {
  const messages = useMessages('run');
  return <Page title={messages.title}>{null}</Page>;
}
