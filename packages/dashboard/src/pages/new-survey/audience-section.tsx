import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import type { SurveyCheck } from '../../api/types.ts';
import { upload } from '../../api/upload.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { FileDrop } from '../../parts/file-drop.tsx';
import { Section } from '../../parts/page.tsx';
import { Loading } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import styles from './audience-section.module.css';
import { type AudienceDraft, emptyDraft, fileName } from './draft.ts';

/** A longer file is sent ahead, and not shown. */
const MAX_SHOWN_BYTES = 500_000;

export function AudienceSection({
  audience,
  check,
  onChange,
}: {
  audience: AudienceDraft;
  check: SurveyCheck['audience'];
  onChange: (audience: AudienceDraft) => void;
}) {
  const messages = useMessages('newSurvey');
  const format = useFormat();
  const toasts = useToasts();
  const id = useId();
  const sending = useMutation({
    mutationFn: async (file: File): Promise<AudienceDraft> => {
      if (file.size <= MAX_SHOWN_BYTES)
        return { kind: 'text', name: fileName(file), text: await file.text() };
      const { uploadId, bytes } = await upload(file);
      return { kind: 'upload', name: fileName(file), uploadId, bytes };
    },
    onSuccess: onChange,
    onError: toasts.showError,
  });
  const problem = check?.problem ?? null;
  return (
    <Section title={messages.audience}>
      <FileDrop
        choose={messages.chooseAudience}
        accept=".csv,.tsv,.jsonl,.json"
        onFile={(file) => sending.mutate(file)}
      >
        <p className={styles.hint}>{messages.audienceHint}</p>
        {sending.isPending && <Loading label={messages.uploading} />}
        {audience.kind === 'text' ? (
          <textarea
            aria-label={messages.audienceLabel}
            aria-invalid={problem !== null || undefined}
            aria-describedby={id}
            className={styles.text}
            rows={9}
            spellCheck={false}
            wrap="off"
            value={audience.text}
            onChange={({ target }) => onChange({ ...audience, text: target.value })}
          />
        ) : (
          <p className={styles.upload}>
            {messages.uploaded(audience.name, format.bytes(audience.bytes))}
            <Button onClick={() => onChange(emptyDraft.audience)}>{messages.removeUpload}</Button>
          </p>
        )}
        <div id={id} aria-live="polite">
          {problem !== null && <p className={styles.problem}>{problem.message}</p>}
          {check !== null && problem === null && (
            <p className={styles.hint}>
              {messages.respondents(format.whole(check.respondents), check.respondents === 1)} ·{' '}
              {messages.columns} {check.columns.join(', ')}
            </p>
          )}
        </div>
      </FileDrop>
    </Section>
  );
}
