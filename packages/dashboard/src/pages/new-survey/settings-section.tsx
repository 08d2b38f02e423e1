import { useId } from 'react';
import type { Models } from '../../api/types.ts';
import { LimitInputs } from '../../limits/limit-inputs.tsx';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Section } from '../../parts/page.tsx';
import { type Draft, type NumberField, numberFields, readSettings } from './draft.ts';
import styles from './settings-section.module.css';

/** Which model is asked, how, and what it may take. */
export function SettingsSection({
  draft,
  models,
  model,
  onChange,
}: {
  draft: Draft;
  models: Models['models'];
  model: string | null;
  onChange: (changed: Partial<Draft>) => void;
}) {
  const messages = useMessages('newSurvey');
  const id = useId();
  const chosen = models.find((each) => each.id === model);
  const { wrong } = readSettings(draft);
  return (
    <Section title={messages.model}>
      <div className={styles.model}>
        <select
          aria-label={messages.model}
          aria-describedby={id}
          value={model ?? ''}
          onChange={({ target }) => onChange({ model: target.value })}
        >
          {models.map((each) => (
            <option key={each.id} value={each.id}>
              {each.id}
            </option>
          ))}
        </select>
        <p id={id} className={styles.hint}>
          {chosen === undefined ? messages.noModels : <ModelHint model={chosen} />}
        </p>
      </div>
      <details className={styles.more} open={wrong.size > 0 || undefined}>
        <summary>{messages.settings}</summary>
        <div className={styles.fields}>
          {(Object.keys(numberFields) as NumberField[]).map((field) => (
            <NumberInput
              key={field}
              field={field}
              text={draft[field]}
              isWrong={wrong.has(field)}
              onChange={(text) => onChange({ [field]: text })}
            />
          ))}
          <label className={styles.checkbox}>
            <input
              type="checkbox"
              checked={draft.skipsUnsupported}
              onChange={({ target }) => onChange({ skipsUnsupported: target.checked })}
            />
            {messages.skipsUnsupported}
          </label>
        </div>
      </details>
      <details className={styles.more}>
        <summary>{messages.limits}</summary>
        <LimitInputs
          texts={draft.limits}
          onChange={(field, text) => onChange({ limits: { ...draft.limits, [field]: text } })}
        />
      </details>
    </Section>
  );
}

function ModelHint({ model: { isSimulator, price } }: { model: Models['models'][number] }) {
  const messages = useMessages('newSurvey');
  const format = useFormat();
  if (isSimulator) return messages.simulatorHint;
  if (price === null) return messages.noPrice;
  return messages.price(format.usd(price.input), format.usd(price.output));
}

function NumberInput({
  field,
  text,
  isWrong,
  onChange,
}: {
  field: NumberField;
  text: string;
  isWrong: boolean;
  onChange: (text: string) => void;
}) {
  const messages = useMessages('newSurvey');
  const format = useFormat();
  const id = useId();
  const { min, max, isWhole } = numberFields[field];
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{messages[field]}</label>
      <input
        id={id}
        inputMode={isWhole ? 'numeric' : 'decimal'}
        value={text}
        placeholder={messages.unset[field]}
        maxLength={20}
        autoComplete="off"
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? `${id}-error` : undefined}
        onChange={({ target }) => onChange(target.value)}
      />
      {isWrong && (
        <p id={`${id}-error`} className={styles.error}>
          {messages.bounds(format.whole(min), format.whole(max))}
        </p>
      )}
    </div>
  );
}
