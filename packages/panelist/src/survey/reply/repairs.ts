import { oneLine } from '../../text/one-line.ts';

/**
 * What may be done to make a reply fit. None can change what it means; any other reply that does not fit is asked again.
 *
 * Of the whole reply: `reasoning` (a leading `<think>` block), `code-fence`, `surrounding-text` (words that lead
 * in to the one JSON object), `extra-key`, `duplicate-key` (twice the same answer). Of one answer: `letter-case`, `white-space`,
 * `unicode` (compatibility forms), `label-for-value`, `value-for-label`, `option-prefix` (`B. Text` for `Text`),
 * `text-for-number`, `number-for-text`, `boolean-for-text`, `single-for-list`, `list-for-single`, `duplicate-item`,
 * `empty-for-null` (left empty in other words than were asked for), `control-characters`,
 * `zero-seconds` (`09:30:00` for `09:30`), `replacement-character` (a `�` is recorded: bytes of the reply were not UTF-8,
 * on their way here or before).
 */
export type Repair =
  | 'reasoning'
  | 'code-fence'
  | 'surrounding-text'
  | 'extra-key'
  | 'duplicate-key'
  | 'letter-case'
  | 'white-space'
  | 'unicode'
  | 'label-for-value'
  | 'value-for-label'
  | 'option-prefix'
  | 'text-for-number'
  | 'number-for-text'
  | 'boolean-for-text'
  | 'single-for-list'
  | 'list-for-single'
  | 'duplicate-item'
  | 'empty-for-null'
  | 'control-characters'
  | 'zero-seconds'
  | 'replacement-character';

/** Which differences of form lie between what was said and the text that it reads as. */
export function formRepairs(said: string, meant: string): Repair[] {
  if (said === meant) return [];
  const repairs: Repair[] = [];
  const saidLine = oneLine(said);
  const meantLine = oneLine(meant);
  if (saidLine !== said || meantLine !== meant) repairs.push('white-space');
  if (saidLine === meantLine) return repairs;
  const saidForm = oneLine(saidLine.normalize('NFKC'));
  const meantForm = oneLine(meantLine.normalize('NFKC'));
  if (saidForm !== saidLine || meantForm !== meantLine) repairs.push('unicode');
  if (saidForm !== meantForm) repairs.push('letter-case');
  return repairs;
}
