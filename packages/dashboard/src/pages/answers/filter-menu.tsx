import { type FormEvent, useId, useState } from 'react';
import type { AnswerColumn, AnswerFilter, AnswerStatus } from '../../data/answers-source.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import styles from './answer-toolbar.module.css';

type Condition = 'is' | 'status' | 'contains';

const statuses = [
  ...(['answered', 'refused', 'dont-know', 'withheld', 'skipped', 'preset', 'invalid', 'failed'] as const),
] satisfies readonly AnswerStatus[];
const states = ['succeeded', 'failed', 'pending', 'damaged'] as const;
/** All questions at once, what became of an interview, its id. */
const ANY = 'answers';
const STATE = 'state';
const KEY = 'key';

/** Makes one filter. */
export function FilterMenu({
  all,
  onAdd,
}: {
  all: readonly AnswerColumn[];
  onAdd: (filter: AnswerFilter) => void;
}) {
  const messages = useMessages('answers');
  const valueId = useId();
  const [column, setColumn] = useState(ANY);
  const [wanted, setWanted] = useState<Condition>('status');
  const [value, setValue] = useState('');
  const conditions = conditionsOf(column, all);
  const condition = conditions.includes(wanted) ? wanted : (conditions[0] as Condition);
  const choices = choicesOf(column, condition, all, messages);
  const chosen = choices?.some((choice) => choice.value === value) === false ? choices[0]?.value : value;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const given = (chosen ?? '').trim();
    if (given === '') return;
    if (condition === 'status') onAdd({ column, statuses: [given as AnswerStatus] });
    else if (condition === 'is') onAdd({ column, values: [given] });
    else onAdd({ column, contains: given });
    setValue('');
  };
  const conditionNames = { is: messages.is, status: messages.isStatus, contains: messages.contains };
  return (
    <form className={styles.filter} onSubmit={submit}>
      <label>
        {messages.filterColumn}
        <select value={column} onChange={({ target }) => setColumn(target.value)}>
          <option value={ANY}>{messages.anyQuestion}</option>
          <option value={STATE}>{messages.interview}</option>
          <option value={KEY}>{messages.respondent}</option>
          {(['persona', 'question'] as const).map((kind) => (
            <optgroup key={kind} label={kind === 'persona' ? messages.personas : messages.questions}>
              {all.flatMap((each) =>
                each.kind === kind
                  ? [
                      <option key={each.id} value={each.id}>
                        {each.title}
                      </option>,
                    ]
                  : [],
              )}
            </optgroup>
          ))}
        </select>
      </label>
      <label>
        {messages.condition}
        <select value={condition} onChange={({ target }) => setWanted(target.value as Condition)}>
          {conditions.map((each) => (
            <option key={each} value={each}>
              {conditionNames[each]}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={valueId}>
        {messages.value}
        {choices === null ? (
          <input
            id={valueId}
            value={value}
            maxLength={200}
            onChange={({ target }) => setValue(target.value)}
          />
        ) : (
          <select id={valueId} value={chosen} onChange={({ target }) => setValue(target.value)}>
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.text}
              </option>
            ))}
          </select>
        )}
      </label>
      <Button type="submit" kind="primary">
        {messages.addFilter}
      </Button>
    </form>
  );
}

function conditionsOf(column: string, all: readonly AnswerColumn[]): readonly Condition[] {
  if (column === ANY) return ['status', 'contains'];
  if (column === STATE) return ['is'];
  const isQuestion = all.find(({ id }) => id === column)?.kind === 'question';
  return isQuestion ? ['is', 'status', 'contains'] : ['is', 'contains'];
}

/** What there is to choose from; `null` for a text. */
function choicesOf(
  column: string,
  condition: Condition,
  all: readonly AnswerColumn[],
  messages: ReturnType<typeof useMessages<'answers'>>,
): readonly { readonly value: string; readonly text: string }[] | null {
  if (condition === 'status') return statuses.map((value) => ({ value, text: messages.statuses[value] }));
  if (condition !== 'is') return null;
  if (column === STATE) return states.map((value) => ({ value, text: messages.states[value] }));
  return all.find(({ id }) => id === column)?.options ?? null;
}
