import { useId } from 'react';
import { useMessages } from '../messages/language-provider.tsx';
import { type LimitField, type LimitTexts, limitFields, readLimits } from './limit-fields.ts';
import styles from './limit-inputs.module.css';

/** A field for each limit. */
export function LimitInputs({
  texts,
  onChange,
  isDisabled = false,
}: {
  texts: LimitTexts;
  onChange: (field: LimitField, text: string) => void;
  isDisabled?: boolean;
}) {
  const messages = useMessages('run');
  const id = useId();
  const { errors } = readLimits(texts);
  return (
    <div className={styles.fields}>
      {limitFields.map((field) => {
        const error = errors[field];
        return (
          <div key={field} className={styles.field}>
            <label htmlFor={`${id}${field}`}>{messages[field]}</label>
            <input
              id={`${id}${field}`}
              inputMode={field === 'maxCostUsd' ? 'decimal' : 'numeric'}
              value={texts[field] ?? ''}
              placeholder={messages.none}
              maxLength={20}
              autoComplete="off"
              disabled={isDisabled}
              aria-invalid={error !== undefined || undefined}
              aria-describedby={error === undefined ? undefined : `${id}${field}-error`}
              onChange={({ target }) => onChange(field, target.value)}
            />
            {error !== undefined && (
              <p id={`${id}${field}-error`} className={styles.error}>
                {messages[error]}
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}
