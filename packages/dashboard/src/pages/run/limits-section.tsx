import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { useMayChangeOf } from '../../api/session.ts';
import type { RunLimits, TaskDetail, TaskView } from '../../api/types.ts';
import { type LimitTexts, limitFields, readLimits } from '../../limits/limit-fields.ts';
import { LimitInputs } from '../../limits/limit-inputs.tsx';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { Section } from '../../parts/page.tsx';
import { ErrorState } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { taskQuery } from '../../task/task-queries.ts';
import styles from './limits-section.module.css';

/** The run's limits. A change shows at once, and is taken back if the server refuses it. */
export function LimitsSection({ task }: { task: TaskView }) {
  const messages = useMessages('run');
  const toasts = useToasts();
  const queries = useQueryClient();
  const mayChange = useMayChangeOf(task.owner);
  // What was typed; limits that nobody has touched follow the task.
  const [typed, setTyped] = useState<LimitTexts>({});
  const { queryKey } = taskQuery(task.taskId);
  const changing = useMutation({
    mutationFn: (limits: RunLimits) =>
      read(api.tasks[':taskId'].limits.$patch({ param: { taskId: task.taskId }, json: limits })),
    onSuccess: (changed) => {
      queries.setQueryData<TaskDetail>(queryKey, (detail) => detail && { ...detail, task: changed });
      setTyped({});
      toasts.show({ kind: 'good', title: messages.saved });
    },
  });
  const { limits, errors } = readLimits(typed);
  const isValid = Object.keys(errors).length === 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isValid && Object.keys(typed).length > 0) changing.mutate(limits);
  };
  return (
    <Section title={messages.limits}>
      <form className={styles.form} onSubmit={submit}>
        <LimitInputs
          texts={{ ...textsOf(task.limits), ...typed }}
          isDisabled={!mayChange}
          onChange={(field, text) => setTyped((before) => ({ ...before, [field]: text }))}
        />
        <p className={styles.hint}>{messages.limitsHint}</p>
        {changing.isError && <ErrorState error={changing.error} />}
        {mayChange && (
          <Button
            type="submit"
            disabled={!isValid || Object.keys(typed).length === 0}
            isBusy={changing.isPending}
          >
            {messages.save}
          </Button>
        )}
      </form>
    </Section>
  );
}

function textsOf(limits: RunLimits | null): LimitTexts {
  return Object.fromEntries(
    limitFields.flatMap((field) => {
      const limit = limits?.[field];
      return limit == null ? [] : [[field, String(limit)]];
    }),
  );
}
