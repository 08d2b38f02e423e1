import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../../api/client.ts';
import { modelsQuery } from '../../api/models.ts';
import { useMayChange } from '../../api/session.ts';
import type { SurveySubmission } from '../../api/types.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { ErrorState } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { AudienceSection } from './audience-section.tsx';
import { CheckSection } from './check-section.tsx';
import { submissionOf } from './draft.ts';
import styles from './new-survey-page.module.css';
import { SettingsSection } from './settings-section.tsx';
import { SurveySection, type SurveyTab } from './survey-section.tsx';
import { useCheck } from './use-check.ts';
import { forgetDraft, useDraft } from './use-draft.ts';

export function NewSurveyPage() {
  const messages = useMessages('newSurvey');
  const mayChange = useMayChange();
  const { draft, change } = useDraft();
  const models = useQuery(modelsQuery);
  const offered = models.data?.models ?? [];
  const model = offered.find(({ id }) => id === draft.model) ?? offered[0] ?? null;
  const checking = useCheck(draft, model?.id ?? null);
  const [tab, setTab] = useState<SurveyTab>('edit');
  const [line, setLine] = useState<{ readonly number: number } | null>(null);
  const submitting = useSubmit();

  const { check } = checking;
  const submission = model === null ? null : submissionOf(draft, model.id);
  // Only what was checked as it is now: the price on the screen is that of what is sent.
  const isReady = submission !== null && !checking.isChecking && check?.preview != null;
  const takeExample = async (): Promise<void> => {
    const { survey, audience } = await import('./example.ts');
    change({
      surveyName: 'survey.json',
      surveyText: survey,
      audience: { kind: 'text', name: 'audience.csv', text: audience },
    });
  };
  return (
    <Page title={messages.title}>
      {!mayChange && <Notice>{messages.readOnly}</Notice>}
      {models.isError && <ErrorState error={models.error} onRetry={() => models.refetch()} />}
      <p className={styles.example}>
        <Button onClick={() => void takeExample()}>{messages.useExample}</Button>
        <span>{draft.surveyText.trim() === '' ? messages.exampleHint : messages.exampleReplaces}</span>
      </p>
      <div className={styles.columns}>
        <div className={styles.column}>
          <SurveySection
            text={draft.surveyText}
            check={check?.survey ?? null}
            tab={tab}
            line={line}
            onTab={setTab}
            onChange={(surveyText, surveyName = draft.surveyName) => change({ surveyText, surveyName })}
          />
          <AudienceSection
            audience={draft.audience}
            check={check?.audience ?? null}
            onChange={(audience) => change({ audience })}
          />
        </div>
        <div className={styles.column}>
          <SettingsSection draft={draft} models={offered} model={model?.id ?? null} onChange={change} />
          <CheckSection
            checking={checking}
            isFree={model?.isSimulator === true}
            onLine={(number) => {
              setTab('edit');
              setLine({ number });
            }}
          />
          {submitting.isError && <ErrorState error={submitting.error} />}
          {mayChange && (
            <Button
              kind="primary"
              className={styles.go ?? ''}
              disabled={!isReady}
              isBusy={submitting.isPending}
              onClick={() => submission !== null && submitting.mutate(submission)}
            >
              {submitting.isPending ? messages.going : messages.go}
            </Button>
          )}
        </div>
      </div>
    </Page>
  );
}

/** Sends the survey out. However often that is pressed, and in however many tabs, it is one run. */
function useSubmit() {
  const messages = useMessages('newSurvey');
  const toasts = useToasts();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (submission: SurveySubmission) => read(api.surveys.$post({ json: submission })),
    onSuccess: async ({ taskId, how }) => {
      forgetDraft();
      toasts.show({ kind: how === 'started' ? 'good' : 'info', title: messages[how] });
      void queries.invalidateQueries({ queryKey: ['tasks'] });
      await navigate({ to: '/tasks/$taskId', params: { taskId } });
    },
  });
}
