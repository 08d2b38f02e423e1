import { Tabs } from '@base-ui/react/tabs';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { SurveyCheck } from '../../api/types.ts';
import type { EditorFinding } from '../../editor/survey-editor.tsx';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { FileDrop } from '../../parts/file-drop.tsx';
import { Section } from '../../parts/page.tsx';
import { Loading } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { fileName } from './draft.ts';
import styles from './survey-section.module.css';

const SurveyEditor = lazy(() => import('../../editor/survey-editor.tsx'));
const SurveyPreview = lazy(() => import('../../survey-preview/survey-preview.tsx'));

/** As the server takes it. */
const MAX_BYTES = 10_000_000;

export type SurveyTab = 'edit' | 'preview';

/** The survey: as JSON, and as a person would see it. */
export function SurveySection({
  text,
  check,
  tab,
  line,
  onTab,
  onChange,
}: {
  text: string;
  check: SurveyCheck['survey'] | null;
  tab: SurveyTab;
  line: { readonly number: number } | null;
  onTab: (tab: SurveyTab) => void;
  onChange: (text: string, name?: string) => void;
}) {
  const messages = useMessages('newSurvey');
  const format = useFormat();
  const toasts = useToasts();
  const findings = useMemo(() => findingsOf(check), [check]);
  const take = async (file: File): Promise<void> => {
    if (file.size > MAX_BYTES) {
      toasts.show({ kind: 'bad', title: messages.tooLong(format.bytes(MAX_BYTES)) });
      return;
    }
    onChange(await file.text(), fileName(file));
    onTab('edit');
  };
  return (
    <Section title={messages.survey}>
      <FileDrop
        choose={messages.chooseSurvey}
        accept=".json,application/json"
        onFile={(file) => void take(file)}
      >
        <p className={styles.hint}>{messages.surveyHint}</p>
        <Tabs.Root value={tab} onValueChange={(value) => onTab(value as SurveyTab)}>
          <Tabs.List className={styles.tabs}>
            <Tabs.Tab value="edit">{messages.edit}</Tabs.Tab>
            <Tabs.Tab value="preview">{messages.preview}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="edit" keepMounted className={styles.panel}>
            <Suspense fallback={<Loading />}>
              <SurveyEditor
                label={messages.editorLabel}
                text={text}
                findings={findings}
                line={line}
                onChange={onChange}
              />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="preview" className={styles.panel}>
            <Preview text={text} isValid={check?.isValid === true} />
          </Tabs.Panel>
        </Tabs.Root>
      </FileDrop>
    </Section>
  );
}

/** Only what the server has found valid is rendered: it has bounded its size and its expressions. */
function Preview({ text, isValid }: { text: string; isValid: boolean }) {
  const messages = useMessages('newSurvey');
  // What was valid last stays while something is typed.
  const [shown, setShown] = useState<string | null>(isValid ? text : null);
  if (isValid && shown !== text) setShown(text);
  const survey = useMemo(() => (shown === null ? null : parsed(shown)), [shown]);
  if (survey === null) return <p className={styles.hint}>{messages.previewWhenValid}</p>;
  return (
    <Suspense fallback={<Loading />}>
      <SurveyPreview survey={survey} label={messages.previewLabel} />
      <p className={styles.hint}>{messages.previewHint}</p>
    </Suspense>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function findingsOf(check: SurveyCheck['survey'] | null): readonly EditorFinding[] {
  if (check === null) return [];
  return [
    ...check.problems.map(({ line, text }) => ({ line, text, severity: 'error' as const })),
    ...[...check.warnings, ...check.skipped].map(({ line, text }) => ({
      line,
      text,
      severity: 'warning' as const,
    })),
  ];
}
