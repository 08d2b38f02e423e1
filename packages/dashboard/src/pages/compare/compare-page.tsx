import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';

export function ComparePage() {
  const messages = useMessages('compare');
  return <Page title={messages.title}>{null}</Page>;
}
