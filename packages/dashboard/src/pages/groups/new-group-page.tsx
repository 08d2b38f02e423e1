import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useRef, useState } from 'react';
import exampleAudience from '../../../../panelist/templates/audience.csv?raw';
import exampleGuide from '../../../../panelist/templates/focus-group.guide.yaml?raw';
import { read } from '../../api/client.ts';
import { modelsQuery } from '../../api/models.ts';
import { type LimitTexts, readLimits } from '../../limits/limit-fields.ts';
import { LimitInputs } from '../../limits/limit-inputs.tsx';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { FileDrop } from '../../parts/file-drop.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { ErrorState } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { type ChosenFile, chosenFile, groupName, MAX_GUIDE_BYTES, nameOf, textFile } from './chosen-file.ts';
import { EstimateSection } from './estimate-section.tsx';
import { groups } from './group-queries.ts';
import { GuideFindings } from './guide-findings.tsx';
import styles from './new-group-page.module.css';
import { useSettled } from './use-settled.ts';

/** A check is made when nothing was typed for so long. */
const SETTLE_MS = 400;

/** A group from a guide and an audience: both are checked as they are written. */
export function NewGroupPage() {
  const messages = useMessages('groups');
  const run = useMessages('run');
  const format = useFormat();
  const toasts = useToasts();
  const navigate = useNavigate();
  const id = useId();
  const editor = useRef<HTMLTextAreaElement>(null);
  const [guide, setGuide] = useState({ name: 'focus-group.guide.yaml', text: '' });
  const [audience, setAudience] = useState<ChosenFile | null>(null);
  const [typedName, setTypedName] = useState<string>();
  const [typedModel, setTypedModel] = useState<string>();
  const [seed, setSeed] = useState('');
  const [limitTexts, setLimitTexts] = useState<LimitTexts>({});

  const models = useQuery(modelsQuery).data?.models ?? [];
  const settledGuide = useSettled(guide, SETTLE_MS);
  const checkOf = (model: string | null) => ({
    guide: settledGuide,
    audience: audience?.input ?? null,
    model,
    ...seedOf(seed),
  });
  // Which model the guide names is known only once it was read.
  const [guideModel, setGuideModel] = useState<string | null>(null);
  const model = typedModel ?? models.find(({ id: each }) => each === guideModel)?.id ?? models[0]?.id ?? null;
  const check = useQuery({
    queryKey: ['group-check', checkOf(model)],
    queryFn: ({ signal }) => read(groups.check.$post({ json: checkOf(model) }, { init: { signal } })),
    enabled: settledGuide.text.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const found = settledGuide.text.trim() === '' ? undefined : check.data;
  if (found !== undefined && found.guide.model !== guideModel) setGuideModel(found.guide.model);
  const isCurrent = !check.isPlaceholderData && !check.isFetching && settledGuide === guide;
  const name = typedName ?? nameOf(found?.guide.title ?? '');
  const isNameRight = groupName.test(name);
  const { limits, errors } = readLimits(limitTexts);
  const isReady =
    isCurrent && found?.preview != null && isNameRight && model !== null && Object.keys(errors).length === 0;

  const creating = useMutation({
    mutationFn: async (isRun: boolean) => {
      // The buttons are there once both are.
      if (audience === null || model === null) throw new Error('No audience or no model is chosen.');
      const json = { focusGroupId: name, guide, audience: audience.input, model, limits, run: isRun };
      return read(groups.$post({ json: { ...json, ...seedOf(seed) } }));
    },
    onSuccess: ({ focusGroupId, isNew }) => {
      if (!isNew) toasts.show({ kind: 'info', title: messages.alreadyOpen });
      return navigate({ to: '/groups/$groupId', params: { groupId: focusGroupId } });
    },
  });
  const readGuide = async (file: File): Promise<void> => {
    const text = await file.slice(0, MAX_GUIDE_BYTES + 1).text();
    setGuide({ name: file.name, text });
  };
  const readAudience = (file: File): void => {
    chosenFile(file).then(setAudience, toasts.showError);
  };
  const fillExample = (): void => {
    setGuide({ name: 'focus-group.guide.yaml', text: exampleGuide });
    setAudience(textFile('audience.csv', exampleAudience));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) creating.mutate(true);
  };

  return (
    <Page title={messages.newTitle}>
      <form className={styles.columns} onSubmit={submit}>
        <div className={styles.files}>
          <p className={styles.soft}>{messages.newIntro}</p>
          <FileDrop
            choose={messages.chooseGuide}
            accept=".yaml,.yml,.json"
            onFile={(file) => void readGuide(file)}
          >
            <div>
              <Button onClick={fillExample}>{messages.useExample}</Button>
            </div>
            <textarea
              ref={editor}
              className={styles.editor}
              aria-label={messages.guide}
              aria-describedby={`${id}findings`}
              aria-invalid={(found?.guide.problems.length ?? 0) > 0 || undefined}
              spellCheck={false}
              autoCapitalize="off"
              rows={22}
              value={guide.text}
              onChange={({ target }) => setGuide({ ...guide, text: target.value })}
            />
            <div id={`${id}findings`}>
              <GuideFindings
                check={found?.guide}
                isChecking={check.isFetching}
                onLine={(line) => selectLine(editor.current, line)}
              />
            </div>
          </FileDrop>
          <FileDrop choose={messages.chooseAudience} accept=".csv,.jsonl,.ndjson" onFile={readAudience}>
            {audience !== null && (
              <p>
                <bdi>{messages.fileChosen(audience.name, format.bytes(audience.bytes))}</bdi>
                {found?.audience != null &&
                  found.audience.problem === null &&
                  `: ${messages.respondents(format.whole(found.audience.respondents))}`}
              </p>
            )}
            {found?.audience?.problem != null && (
              <p className={styles.problem} role="alert">
                {found.audience.problem.message}
              </p>
            )}
          </FileDrop>
        </div>
        <div className={styles.side}>
          <Section title={messages.newGroup}>
            <label className={styles.field}>
              {messages.name}
              <input
                value={name}
                maxLength={100}
                autoComplete="off"
                aria-describedby={`${id}name`}
                aria-invalid={(name !== '' && !isNameRight) || undefined}
                onChange={({ target }) => setTypedName(target.value)}
              />
            </label>
            <p id={`${id}name`} className={styles.soft}>
              {name === '' || isNameRight ? messages.nameHint : messages.nameInvalid}
            </p>
            <label className={styles.field}>
              {messages.model}
              <select value={model ?? ''} onChange={({ target }) => setTypedModel(target.value)}>
                {models.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.id}
                  </option>
                ))}
              </select>
            </label>
            {models.some((each) => each.id === model && each.isSimulator) && (
              <p className={styles.soft}>{messages.simulatorHint}</p>
            )}
            <label className={styles.field}>
              {`${messages.seed} (${messages.optional})`}
              <input
                inputMode="numeric"
                maxLength={10}
                value={seed}
                onChange={({ target }) => setSeed(target.value)}
              />
            </label>
            <details>
              <summary>{run.limits}</summary>
              <LimitInputs
                texts={limitTexts}
                onChange={(field, text) => setLimitTexts((before) => ({ ...before, [field]: text }))}
              />
            </details>
          </Section>
          {found !== undefined && <EstimateSection check={found} />}
          {creating.isError && <ErrorState error={creating.error} />}
          <div className={styles.actions}>
            <Button
              disabled={!isReady}
              isBusy={creating.isPending && creating.variables === false}
              onClick={() => creating.mutate(false)}
            >
              {messages.openLive}
            </Button>
            <Button
              type="submit"
              kind="primary"
              disabled={!isReady || (found?.guide.rounds === 0 && !found.guide.hasPoll)}
              isBusy={creating.isPending && creating.variables === true}
            >
              {messages.start}
            </Button>
          </div>
        </div>
      </form>
    </Page>
  );
}

function seedOf(text: string): { readonly seed?: number } {
  return /^\d+$/.test(text.trim()) ? { seed: Number(text) } : {};
}

function selectLine(editor: HTMLTextAreaElement | null, line: number): void {
  if (editor === null) return;
  const lines = editor.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  editor.focus();
  editor.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  const height = editor.scrollHeight / Math.max(1, lines.length);
  editor.scrollTop = Math.max(0, (line - 5) * height);
}
