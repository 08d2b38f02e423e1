import type { Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import { isChinese } from '../../../languages/messages.ts';

/** All words of ours in a transcript and its report, in the languages that they are written in. */
export interface TranscriptTexts {
  readonly lang: string;
  readonly synthetic: string;
  readonly host: string;
  readonly moderator: string;
  /** Who speaks, and to whom where it is not to everybody: names, how many more, and all. */
  readonly speakingTo: (speaker: string, names: string, more: number, all: number) => string;
  readonly listSeparator: string;
  readonly participants: string;
  readonly name: string;
  readonly persona: string;
  readonly round: (round: number) => string;
  readonly shown: string;
  readonly noReply: string;
  readonly pending: string;
  readonly order: string;
  readonly model: string;
  readonly seed: string;
  readonly temperature: string;
  /** Where nothing was set. */
  readonly providers: string;
  readonly separator: string;
}

const english: TranscriptTexts = {
  lang: 'en',
  synthetic:
    'Synthetic data: all participants were played by a language model. Nothing here was said by a person; it says what the model takes such people to say, and cannot stand for them.',
  host: 'Host',
  moderator: 'Moderator (model)',
  speakingTo: (speaker, names, more) =>
    `${speaker} to ${names}${more > 0 ? ` and ${more} ${more === 1 ? 'other' : 'others'}` : ''}`,
  listSeparator: ', ',
  participants: 'Participants',
  name: 'Name',
  persona: 'Persona',
  round: (round) => `Round ${round}`,
  shown: 'Shown',
  noReply: 'no reply',
  pending: 'not yet asked',
  order: 'One after the other, each hearing those before, in this order',
  model: 'Model',
  seed: 'Seed',
  temperature: 'Temperature',
  providers: 'the provider’s',
  separator: ': ',
};

const chinese: TranscriptTexts = {
  lang: 'zh-CN',
  synthetic:
    '合成数据：所有参与者都由语言模型扮演。这里没有一句话出自真人；它只说明模型认为这样的人会说什么，不能代表他们。',
  host: '主持人',
  moderator: '主持人（模型）',
  speakingTo: (speaker, names, more, all) => `${speaker}对${names}${more > 0 ? `等 ${all} 人` : ''}`,
  listSeparator: '、',
  participants: '参与者',
  name: '称呼',
  persona: '人物设定',
  round: (round) => `第 ${round} 轮`,
  shown: '展示材料',
  noReply: '没有回复',
  pending: '尚未询问',
  order: '依次发言，后说的人听到先说的，顺序如下',
  model: '模型',
  seed: '随机种子',
  temperature: '温度',
  providers: '服务商默认',
  separator: '：',
};

const maxAddressed = 3;

/** Who says what a round begins with, and to whom where it is not to everybody. */
export function hostOf({ host, to }: Pick<TranscriptRound, 'host' | 'to'>, texts: TranscriptTexts): string {
  const speaker = host === 'moderator' ? texts.moderator : texts.host;
  if (to === null) return speaker;
  const shown = to.length > maxAddressed + 1 ? to.slice(0, maxAddressed) : to;
  return texts.speakingTo(speaker, shown.join(texts.listSeparator), to.length - shown.length, to.length);
}

/** In the language that is spoken, where we have it; else in English. */
export function transcriptTexts(language: string): TranscriptTexts {
  return isChinese(language) ? chinese : english;
}

/** How the group's model was asked, a label and a value each. */
export function modelFacts(
  { model, seed, temperature }: Pick<Transcript, 'model' | 'seed' | 'temperature'>,
  texts: TranscriptTexts,
): (readonly [label: string, value: string])[] {
  return [
    [texts.model, model],
    [texts.seed, seed === null ? '–' : String(seed)],
    [texts.temperature, temperature === null ? texts.providers : String(temperature)],
  ];
}
