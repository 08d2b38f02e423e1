import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';

export function NewSurveyPage() {
  const messages = useMessages('newSurvey');
  return <Page title={messages.title}>{null}</Page>;
}
