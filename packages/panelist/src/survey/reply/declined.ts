import { normalised } from '../../text/one-line.ts';

/**
 * Ways to decline that mean nothing else when they are all that was said. Short on purpose: a phrase that could be
 * an answer ("none", "not sure", "no answer") must not be here.
 */
const refusals: ReadonlySet<string> = new Set([
  'i prefer not to answer',
  'i prefer not to answer this question',
  'prefer not to answer',
  "i'd prefer not to answer",
  'i would prefer not to answer',
  "i'd rather not answer",
  'i would rather not answer',
  'i prefer not to say',
  'prefer not to say',
  "i'd prefer not to say",
  "i'd rather not say",
  'i would rather not say',
  'rather not say',
  'i decline to answer',
  'decline to answer',
  'declined to answer',
  'i refuse to answer',
  'refuse to answer',
  'refused to answer',
  '我不想回答',
  '不想回答',
  '我拒绝回答',
  '拒绝回答',
  '拒答',
  '我不愿回答',
  '不愿回答',
  '我不愿意回答',
  '不愿意回答',
  '我不便回答',
  '不便回答',
  '不方便回答',
  '我不愿透露',
  '不愿透露',
  '不想透露',
  '拒絕回答',
  '我拒絕回答',
  '不願回答',
  '不願透露',
  'prefiero no decirlo',
  'prefiero no responder',
  'prefiero no contestar',
  'no quiero responder',
  'je préfère ne pas répondre',
  'je préfère ne pas le dire',
  'je ne souhaite pas répondre',
  'keine angabe',
  'möchte ich nicht sagen',
  'ich möchte nicht antworten',
  '回答したくない',
  '回答したくありません',
  '答えたくない',
  'prefiro não responder',
  'prefiro não dizer',
  'предпочитаю не отвечать',
  'не хочу отвечать',
  'отказываюсь отвечать',
  'أفضل عدم الإجابة',
  'لا أريد الإجابة',
  'मैं जवाब नहीं देना चाहता',
  'मैं जवाब नहीं देना चाहती',
]);

const ignorance: ReadonlySet<string> = new Set([
  "i don't know",
  "don't know",
  'i do not know',
  'do not know',
  'i dont know',
  'dont know',
  '我不知道',
  '不知道',
  '我不清楚',
  '不清楚',
  'no sé',
  'no lo sé',
  'je ne sais pas',
  'weiß nicht',
  'weiss nicht',
  'ich weiß nicht',
  'ich weiss nicht',
  'わからない',
  'わかりません',
  '分からない',
  '分かりません',
  'não sei',
  'не знаю',
  'я не знаю',
  'لا أعرف',
  'मुझे नहीं पता',
]);

/** What models say in their own name instead of answering; each must be all that was said. */
const assistantRefusals: readonly RegExp[] = [
  english(
    `(?:as an? (?:ai|artificial intelligence)(?: language)?(?: model| assistant)?,? )?i (?:can't|cannot|can not|won't|will not|am unable to|'m unable to|am not able to|'m not able to) (?:answer(?: (?:that|this|the|these))?(?: questions?)?|(?:assist|help|comply)(?: you)? with (?:that|this)(?: request)?|(?:participate in|take part in|take|complete|fill in|fill out) (?:this|the|a|that|such a|surveys?|any)(?: surveys?| questionnaire)?)`,
  ),
  english(
    `as an? (?:ai|artificial intelligence)(?: language)?(?: model| assistant)?,? i (?:do not|don't|cannot|can't) (?:have|hold|form|express) (?:any )?(?:(?:personal|own) )?${attitudes()}(?:(?:,| or| and|, or|, and) (?:(?:personal|own) )?${attitudes()})*`,
  ),
  chinese(
    '我(?:无法|無法|不能)(?:回答(?:这个|该|此|这些|這個)?(?:问题|問題)?|提供(?:帮助|答案)|协助(?:您|你)?(?:完成(?:这个|该)请求)?|(?:参与|参加|完成|填写)(?:这个|这项|这次|这份|本|本次|该|此)?(?:调查|问卷|问卷调查))',
  ),
  chinese(
    '(?:作为|身为)(?:一个|一名)?(?:ai|人工智能)(?:语言)?(?:模型|助手)?[,]? ?我(?:没有|并没有|不具备)(?:任何)?(?:个人)?(?:的)?(?:偏好|喜好|观点|看法|意见|经历|感受|情感)(?:(?:或|和|、)(?:个人)?(?:偏好|喜好|观点|看法|意见|经历|感受|情感))*',
  ),
];

/** The same in other languages: what providers' models are known to say, whole. */
const otherRefusals: readonly RegExp[] = [
  /^(?:lo siento, (?:pero )?)?no puedo (?:ayudar(?:te|le)?|responder)(?: (?:con|a) (?:eso|esa? (?:solicitud|pregunta)))?$/u,
  /^(?:(?:je suis )?désolée?, (?:mais )?)?je ne peux pas (?:répondre|aider|vous aider)(?: (?:à|avec) (?:cela|cette (?:demande|question)))?$/u,
  /^(?:es tut mir leid, (?:aber )?)?(?:dabei|damit|das) kann ich (?:leider )?nicht (?:helfen|beantworten)$/u,
  /^(?:申し訳(?:ありません|ございません)(?:が)?、?)?(?:お答え|回答)(?:する(?:こと)?(?:は|が))?でき(?:ません|ない)$/u,
  /^(?:desculpe, (?:mas )?)?não posso (?:ajudar|responder)(?: (?:com|a) (?:isso|essa? (?:pedido|pergunta)))?$/u,
  /^(?:извините, (?:но )?)?я не могу (?:помочь|ответить)(?: (?:с|на) (?:этим|этот вопрос|это))?$/u,
];

function english(words: string): RegExp {
  return new RegExp(
    `^(?:(?:i'm|i am) (?:very )?sorry[,.]? (?:but )?|sorry[,.]? (?:but )?|i apologi[sz]e[,.]? (?:but )?)?${words}$`,
    'u',
  );
}

function chinese(words: string): RegExp {
  return new RegExp(`^(?:(?:很抱歉|非常抱歉|抱歉|对不起|對不起)[,。]? ?)?${words}$`, 'u');
}

function attitudes(): string {
  return '(?:preferences|opinions|feelings|experiences|beliefs|habits|views)';
}

/** Whether the whole of a text declines a question, and how. */
export function declines(text: string): 'refused' | 'dont-know' | null {
  if (text.length > 200) return null;
  const said = phrase(text);
  if (isRefusal(said)) return 'refused';
  return ignorance.has(said) ? 'dont-know' : null;
}

/** Whether a whole reply is a refusal to answer anything. */
export function refusesAll(text: string): boolean {
  return text.length <= 200 && isRefusal(phrase(text));
}

/** Whether a whole text is what a model says in its own name instead of playing a person. */
export function refusesAsAssistant(text: string): boolean {
  return text.length <= 200 && isAssistants(phrase(text));
}

function isRefusal(said: string): boolean {
  return refusals.has(said) || isAssistants(said);
}

function isAssistants(said: string): boolean {
  return [...assistantRefusals, ...otherRefusals].some((pattern) => pattern.test(said));
}

function phrase(text: string): string {
  return normalised(text)
    .replaceAll('’', "'")
    .replace(/[.!。!]+$/u, '')
    .trim();
}
