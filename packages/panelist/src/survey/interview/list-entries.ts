import { isEntryCount } from '../question-kinds/number.ts';
import type { Question } from '../questionnaire.ts';

/** Which questions are in which entry of a list whose number of entries is asked. */
export class ListEntries {
  readonly #entries = new Map<Question, { readonly question: Question; readonly index: number }[]>();
  readonly #inLists = new Set<Question>();

  constructor(questions: readonly Question[]) {
    const counts = new Map<string, Question>();
    for (const question of questions)
      if (isEntryCount(question)) counts.set(JSON.stringify(question.counts.target), question);
    for (const question of counts.size === 0 ? [] : questions)
      for (const [at, index] of question.target.entries()) {
        if (typeof index !== 'number') continue;
        const count = counts.get(JSON.stringify(question.target.slice(0, at)));
        if (count === undefined) continue;
        this.#inLists.add(question);
        const known = this.#entries.get(count) ?? [];
        known.push({ question, index });
        this.#entries.set(count, known);
      }
  }

  isInList(question: Question): boolean {
    return this.#inLists.has(question);
  }

  of(count: Question): readonly { readonly question: Question; readonly index: number }[] {
    return this.#entries.get(count) ?? [];
  }
}
