import type { Statement } from '../../focus-group/prompts/discussion.ts';
import { hashText, mix, normal, unit } from '../../random/hash-draws.ts';
import { countWords } from '../../text/count-words.ts';
import { cutAt } from '../../text/shortened.ts';
import type { Persona, PersonaField } from '../respondent/persona.ts';
import { shareTopic, topicsOf } from '../respondent/topics.ts';
import { moodOf, PHRASES, type Phrases, type SpokenLanguage, viewIn } from './phrases.ts';

const MAX_QUOTE = { en: 6, zh: 14 } as const;
const MAX_VALUE = 60;
/** How far a talk moves somebody towards what is said in it, of the way. */
const CONFORMITY = 0.3;

/** What a reply depends on, besides the persona. */
export interface Situation {
  readonly title: string;
  readonly name: string;
  readonly language: SpokenLanguage;
  /** Words that a reply is asked to have. */
  readonly words: number;
  /** What the host says now. */
  readonly message: string;
  /** What others and oneself said, in order. */
  readonly heard: readonly Statement[];
  /** What one said oneself before all that. */
  readonly own: readonly string[];
}

/** What a persona says in a focus group: from who they are and from what was said. The same for the same arguments. */
export function speak(prompt: Situation, persona: Persona, seed: number): string {
  return new Speaker(prompt, persona, seed).speak();
}

class Speaker {
  readonly #prompt: Situation;
  readonly #persona: Persona;
  readonly #seed: number;
  readonly #phrases: Phrases;
  readonly #said = new Set<string>();
  readonly #ownBefore: string;
  #draws = 0;

  constructor(prompt: Situation, persona: Persona, seed: number) {
    this.#prompt = prompt;
    this.#persona = persona;
    this.#phrases = PHRASES[prompt.language];
    this.#ownBefore = [
      ...prompt.own,
      ...prompt.heard.filter(({ name }) => name === prompt.name).map(({ text }) => text),
    ].join('\n');
    let heard = mix(mix(seed, persona.hash), hashText(prompt.name));
    for (const { name, text } of prompt.heard) heard = hashText(text, hashText(name, heard));
    this.#seed = hashText(prompt.message, heard);
  }

  speak(): string {
    const { words, language } = this.#prompt;
    const { openness } = this.#persona.traits;
    // Turns are log-normal: most are short, a few go on and on.
    const target = words * Math.exp(0.5 * normal(this.#draw()) + 0.1 * openness);
    if (target < words / 3) return this.#pick(this.#phrases.short);
    const sentences: string[] = [this.#opened(this.#view())];
    const parts = [() => this.#life(), () => this.#reaction(), () => this.#view(), () => this.#aside()];
    let length = countWords(sentences[0] as string, language);
    for (let turn = 0; turn < 40; turn++) {
      const sentence = (parts[turn < 2 ? turn : Math.floor(this.#chance() * parts.length)] as () => string)();
      if (sentence === '') continue;
      const more = countWords(sentence, language);
      // Whichever is nearer: with this sentence, or without it.
      if (length + more / 2 > target) break;
      sentences.push(sentence);
      length += more;
    }
    return sentences.join(language === 'zh' ? '' : ' ');
  }

  /** The opening words are a habit: each person has two. */
  #opened(sentence: string): string {
    const { openings } = this.#phrases;
    const habit = mix(this.#persona.hash, this.#chance() < 0.6 ? 1 : 2);
    const opening = openings[Math.floor(unit(habit) * openings.length)] as string;
    return this.#prompt.language === 'zh' ? `${opening}${sentence}` : `${opening} ${sentence}`;
  }

  #view(): string {
    const { views } = this.#phrases;
    const stance = this.#stance();
    const kind = stance > 0.45 ? views.good : stance > -0.45 ? views.mixed : views.bad;
    const view = this.#fresh(kind);
    return this.#said.size === 1 || this.#prompt.language === 'zh' ? view : capitalised(view);
  }

  /** The same person takes a topic much the same way all along, and is drawn a little towards the others. */
  #stance(): number {
    const { title, message, heard, name } = this.#prompt;
    const topic = hashText(title);
    const own = 0.9 * normal(mix(this.#persona.hash, topic)) + 0.3 * this.#persona.traits.positivity;
    const here = 0.4 * normal(mix(mix(this.#persona.hash, hashText(message)), topic));
    const others = heard.filter((said) => said.name !== name).map(({ text }) => text);
    const mood = others.length === 0 ? own + here : moodOf(others.join('\n'));
    return (1 - CONFORMITY) * (own + here) + CONFORMITY * mood;
  }

  #life(): string {
    const fields = this.#persona.fields.filter(
      ({ key, value }) =>
        !/^(id|uuid|(.*_)?name|.*address|gender|sex|姓名|性别|.*_id)$/i.test(key) &&
        !/^(yes|no|是|否)$/i.test(value) &&
        value !== this.#prompt.name,
    );
    const topics = topicsOf(this.#prompt.message);
    const fresh = fields.filter(({ value }) => !this.#said.has(value));
    const field = fresh.find((each) => shareTopic(each.topics, topics)) ?? this.#pickOf(fresh);
    if (field === undefined) return '';
    this.#said.add(field.value);
    const about = this.#prompt.language === 'zh' ? aboutInChinese(field) : aboutInEnglish(field);
    return this.#fresh(this.#phrases.lives)
      .replace('{About}', () => capitalised(about))
      .replace('{about}', () => about);
  }

  /** To the last few who spoke. */
  #reaction(): string {
    const { heard, name, language } = this.#prompt;
    const others = heard.filter((said) => said.name !== name).slice(-8);
    const said = this.#pickOf(others);
    if (said === undefined) return '';
    const quote = quoteOf(said, language, this.#chance());
    if (quote === '' || this.#said.has(quote)) return '';
    this.#said.add(quote);
    const isLikeMine = Math.abs(moodOf(said.text) - Math.sign(this.#stance())) < 1.5;
    return this.#fresh(isLikeMine ? this.#phrases.agree : this.#phrases.disagree)
      .replace('{name}', () => said.name)
      .replace('{quote}', () => quote);
  }

  #aside(): string {
    return this.#fresh(this.#phrases.asides);
  }

  /** One that they have not said yet, in this reply or before; any, where they have said them all. */
  #fresh(phrases: readonly string[]): string {
    const unsaid = phrases.filter(
      (phrase) => !this.#said.has(phrase) && !this.#ownBefore.includes(phrase.slice(0, -1)),
    );
    const phrase = this.#pick(unsaid.length > 0 ? unsaid : phrases);
    this.#said.add(phrase);
    return phrase;
  }

  #pick(phrases: readonly string[]): string {
    return this.#pickOf(phrases) ?? '';
  }

  #pickOf<T>(values: readonly T[]): T | undefined {
    return values[Math.floor(this.#chance() * values.length)];
  }

  #chance(): number {
    return unit(this.#draw());
  }

  #draw(): number {
    this.#draws += 1;
    return mix(this.#seed, this.#draws);
  }
}

function aboutInEnglish({ key, value: whole, topics }: PersonaField): string {
  const value = shortened(whole);
  if (topics.has('age')) return `at ${value}`;
  if (topics.has('work')) return `my work being “${value}”`;
  if (topics.has('place')) return `living in ${value}`;
  if (topics.has('income')) return `with what comes in being ${value}`;
  return `my ${key.replaceAll('_', ' ').toLowerCase()} being “${value}”`;
}

function aboutInChinese({ key, value: whole, topics }: PersonaField): string {
  const value = shortened(whole);
  if (topics.has('age')) return /岁/.test(value) ? `我${value}` : `我${value}岁`;
  if (topics.has('work')) return `我做的是${value}`;
  if (topics.has('place')) return `我住在${value}`;
  if (topics.has('income')) return `我的收入是${value}`;
  return `我的${key.replaceAll('_', '')}是${value}`;
}

function shortened(value: string): string {
  const clause = value.split(/[.;](?=\s|$)|[。；]/, 1)[0] ?? '';
  return clause.length <= MAX_VALUE ? clause : `${cutAt(clause, MAX_VALUE).trimEnd()}…`;
}

/** A few words in a row: of what they think of the matter if that is understood, without an inner quotation. */
export function quoteOf({ text }: Statement, language: SpokenLanguage, chance: number): string {
  const sentences = text
    .split(/(?<=[.!?。！？])\s*/)
    .filter((sentence) => !/[“”"]/.test(sentence) && sentence !== '');
  const views = sentences.filter((sentence) => viewIn(sentence) !== null);
  const pool = views.length > 0 ? views : sentences;
  const sentence = pool[Math.floor(chance * pool.length)]?.replace(/[.!?。！？]+$/, '') ?? '';
  if (language === 'en') return sentence.split(' ').slice(-MAX_QUOTE.en).join(' ');
  return cutAt(sentence.split('，').at(-1) as string, MAX_QUOTE.zh);
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
