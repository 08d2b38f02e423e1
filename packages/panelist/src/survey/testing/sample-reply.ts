/** For tests: a random reply that fits a reply schema, or nearly. */

import type { Question } from '../questionnaire.ts';
import { leftEmpty } from '../reply/left-empty.ts';

/** A number in [0, 1). */
export type Draw = () => number;

export type Reply = string | number | readonly (string | number)[];

export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly items?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export function sample(schema: Schema, question: Question, draw: Draw): Reply {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(draw() * items.length)] as T;
  if (schema.enum) {
    const choices = draw() < 0.85 ? schema.enum.filter((each) => each !== leftEmpty) : schema.enum;
    return pick(choices.length > 0 ? choices : schema.enum) as Reply;
  }
  if (schema.type === 'array') {
    const items = [...((schema.items as Schema).enum ?? [])] as (string | number)[];
    const least = schema.minItems ?? 0;
    const most = Math.min(schema.maxItems ?? items.length, items.length);
    const isWhole = question.kind === 'ranking' && question.minSelected >= items.length;
    const count = isWhole ? (draw() < 0.9 ? most : least) : least + Math.floor(draw() * (most - least + 1));
    const chosen: (string | number)[] = [];
    const alone =
      'options' in question
        ? question.options.filter(({ isExclusive }) => isExclusive).map(({ text }) => text)
        : [];
    while (chosen.length < count && items.length > 0)
      chosen.push(...items.splice(Math.floor(draw() * items.length), 1));
    const only = chosen.find((each) => alone.includes(String(each)));
    if (only !== undefined) return [only];
    if (question.kind === 'ranking') return chosen;
    const listed = ((schema.items as Schema).enum ?? []) as (string | number)[];
    return listed.filter((each) => chosen.includes(each));
  }
  if (!question.isRequired && draw() < 0.1) return leftEmpty;
  if (question.kind === 'number') {
    const min = question.min ?? Math.min(0, (question.max ?? 1) - 20);
    const max = question.max ?? min + 20;
    const step = question.step ?? 1;
    return min + Math.floor(draw() * (Math.floor((max - min) / step) + 1)) * step;
  }
  if (question.kind === 'text' && question.format !== 'plain') return dated[question.format] ?? 'text';
  return pick(['alpha', 'beta', 'gamma delta', 'x', '12', 'yes']);
}

const dated: Readonly<Record<string, string>> = {
  date: '2026-05-17',
  'datetime-local': '2026-05-17T10:30',
  month: '2026-05',
  week: '2026-W20',
  time: '10:30',
  email: 'a@example.org',
  url: 'https://example.org',
  tel: '+49 30 1234567',
  color: '#aabbcc',
};
