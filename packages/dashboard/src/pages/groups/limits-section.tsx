import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { read } from '../../api/client.ts';
import { useMayChangeOf } from '../../api/session.ts';
import type { GroupDetail, RunLimits } from '../../api/types.ts';
import { type LimitTexts, limitFields, readLimits } from '../../limits/limit-fields.ts';
import { LimitInputs } from '../../limits/limit-inputs.tsx';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { groupQuery, one } from './group-queries.ts';
import styles from './limits-section.module.css';

/** The limits of all turns of a group, folded away: most groups need none. */
export function LimitsSection({ group: { focusGroupId, limits: set, state } }: { group: GroupDetail }) {
  const messages = useMessages('groups');
  const toasts = useToasts();
  const queries = useQueryClient();
  const mayChange = useMayChangeOf(state.owner);
  const [typed, setTyped] = useState<LimitTexts>({});
  const changing = useMutation({
    mutationFn: (limits: RunLimits) => read(one.limits.$patch({ param: { focusGroupId }, json: limits })),
    onSuccess: async () => {
      toasts.show({ kind: 'good', title: messages.limitsSaved });
      await queries.invalidateQueries({ queryKey: groupQuery(focusGroupId).queryKey, exact: true });
      setTyped({});
    },
  });
  const { limits, errors } = readLimits(typed);
  const isChanged = Object.keys(typed).length > 0 && Object.keys(errors).length === 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isChanged) changing.mutate(limits);
  };
  return (
    <details className={styles.section}>
      <summary>
        <h2>{messages.limits}</h2>
      </summary>
      <form className={styles.form} onSubmit={submit}>
        <LimitInputs
          texts={{ ...textsOf(set), ...typed }}
          isDisabled={!mayChange}
          onChange={(field, text) => setTyped((before) => ({ ...before, [field]: text }))}
        />
        {changing.isError && <ErrorState error={changing.error} />}
        {mayChange && (
          <Button type="submit" disabled={!isChanged} isBusy={changing.isPending}>
            {messages.saveLimits}
          </Button>
        )}
      </form>
    </details>
  );
}

function textsOf(limits: RunLimits): LimitTexts {
  return Object.fromEntries(
    limitFields.flatMap((field) => {
      const limit = limits[field];
      return limit == null ? [] : [[field, String(limit)]];
    }),
  );
}
