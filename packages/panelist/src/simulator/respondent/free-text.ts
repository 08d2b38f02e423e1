import { unit } from '../../random/hash-draws.ts';
import { cutAt } from '../../text/shortened.ts';
import { leaningOf } from './choice.ts';
import { ownText } from './own-facts.ts';
import type { PersonaField } from './persona.ts';
import { PURPOSE, type Question } from './question.ts';
import { isMostlyCjk, shareTopic } from './topics.ts';

/** A sentence or two from the persona, in Chinese where the question is, of `minLength` to `maxLength` UTF-16 units. */
export function writeText(question: Question, minLength: number, maxLength: number): string {
  const text = writeUpTo(question, maxLength);
  if (text.length >= minLength || minLength > Math.min(maxLength, 2_000)) return text;
  const repeats = Math.ceil(minLength / (text.length + 1)) + 1;
  return cutAt(
    Array.from({ length: repeats }, () => text).join(' '),
    Math.min(maxLength, minLength + text.length),
  ).trimEnd();
}

function writeUpTo(question: Question, maxLength: number): string {
  const chinese = isMostlyCjk(question.title);
  const own = ownText(question);
  const long = own ?? composed(question, chinese ? CHINESE : ENGLISH);
  if (long.length <= maxLength) return long;
  const short = own ?? opinionOf(question, chinese ? CHINESE : ENGLISH).short;
  return short.length <= maxLength ? short : cutAt(short, Math.max(0, maxLength));
}

interface Phrases {
  readonly opinions: {
    readonly good: readonly Opinion[];
    readonly mixed: readonly Opinion[];
    readonly bad: readonly Opinion[];
  };
  readonly about: (key: string, value: string, opinion: string) => string;
  readonly plain: (opinion: string) => string;
  readonly thrifty: string;
  readonly open: string;
}

interface Opinion {
  readonly short: string;
  readonly clause: string;
}

const ENGLISH: Phrases = {
  opinions: {
    good: [
      { short: 'I like it.', clause: 'I am happy with it on the whole' },
      { short: 'It works well.', clause: 'it works well for me most days' },
      { short: 'Good so far.', clause: 'my experience has been good so far' },
    ],
    mixed: [
      { short: 'It depends.', clause: 'it depends on the day' },
      { short: 'Mixed feelings.', clause: 'I have mixed feelings about it' },
      { short: 'No strong view.', clause: 'I have no strong view on it either way' },
    ],
    bad: [
      { short: 'Not convinced.', clause: 'I am not convinced by it' },
      { short: 'Could be better.', clause: 'it could be a good deal better' },
      { short: 'It lets me down.', clause: 'it lets me down more often than I would like' },
    ],
  },
  about: (key, value, opinion) => `From where I stand (${key}: ${value}), ${opinion}.`,
  plain: (opinion) => `To be honest, ${opinion}.`,
  thrifty: ' What it costs matters to me.',
  open: ' I would be glad to try something new here.',
};

const CHINESE: Phrases = {
  opinions: {
    good: [
      { short: '挺好的。', clause: '我总体上比较满意' },
      { short: '不错。', clause: '对我来说用起来很顺手' },
      { short: '体验很好。', clause: '到目前为止体验不错' },
    ],
    mixed: [
      { short: '看情况。', clause: '我觉得要看具体情况' },
      { short: '好坏参半。', clause: '我的感受好坏参半' },
      { short: '没什么看法。', clause: '我没有特别强烈的看法' },
    ],
    bad: [
      { short: '不太满意。', clause: '我不太满意' },
      { short: '有待改进。', clause: '我认为还有不少改进的空间' },
      { short: '有些失望。', clause: '有时候会让我失望' },
    ],
  },
  about: (key, value, opinion) => `从我的情况（${key}：${value}）来看，${opinion}。`,
  plain: (opinion) => `说实话，${opinion}。`,
  thrifty: '价格对我来说很重要。',
  open: '我也愿意尝试新的东西。',
};

function composed(question: Question, phrases: Phrases): string {
  const { clause } = opinionOf(question, phrases);
  const field = mentionable(question);
  const { thrift, openness } = question.persona.traits;
  return (
    (field === undefined
      ? phrases.plain(clause)
      : phrases.about(field.key.replaceAll('_', ' '), shortened(field.value), clause)) +
    (thrift > 0.9 ? phrases.thrifty : '') +
    (openness > 0.9 ? phrases.open : '')
  );
}

function opinionOf(question: Question, { opinions }: Phrases): Opinion {
  const leaning = leaningOf(question);
  const kind = leaning > 0.5 ? opinions.good : leaning > -0.4 ? opinions.mixed : opinions.bad;
  const index = Math.floor(unit(question.draw(PURPOSE.opening)) * kind.length);
  return kind[index] as Opinion;
}

/** The field that the question touches, or one at random; ids say nothing of a person. */
function mentionable(question: Question): PersonaField | undefined {
  const fields = question.persona.fields.filter(({ key }) => !/^(id|uuid|.*_id)$/i.test(key));
  return (
    fields.find(({ topics }) => shareTopic(topics, question.topics)) ??
    fields[Math.floor(unit(question.draw(PURPOSE.field)) * fields.length)]
  );
}

function shortened(value: string): string {
  return value.length <= 40 ? value : `${cutAt(value, 40).trimEnd()}…`;
}
