/** Texts of the file, or of SurveyJS itself, that are read as one; put together once the language is known. */
export class JoinedTexts {
  readonly parts: readonly unknown[];

  constructor(parts: readonly unknown[]) {
    this.parts = parts;
  }
}

/** A text that SurveyJS has in each language itself. */
export class SurveyJsText {
  /** SurveyJS's name for it. */
  readonly key: string;

  constructor(key: string) {
    this.key = key;
  }
}

/** Which language to read a survey in: the wanted one, else the file's own, else its default. */
export class TextLanguage {
  /** What the texts are taken to be in, for example `en` or `zh-cn`. */
  readonly locale: string;
  readonly #wanted: string | null;
  readonly #candidates: readonly string[];
  readonly #seen = new Set<string>();
  #wantedWasSeen = false;

  constructor(wanted: string | null, ofFile: string | null) {
    this.#wanted = wanted === null ? null : tag(wanted);
    const own = ofFile === null || ofFile === '' || tag(ofFile) === 'default' ? null : tag(ofFile);
    this.locale = this.#wanted ?? own ?? 'en';
    // SurveyJS keeps English under `default`.
    this.#candidates = [this.#wanted, own, 'default', 'en']
      .filter((locale) => locale !== null)
      .flatMap((locale) => (base(locale) === 'en' ? [locale, 'default'] : [locale]));
  }

  /**
   * One text of a localised one: the exact language, else its base or another of its dialects (`zh-cn`, `zh`,
   * `zh-tw`), candidate by candidate; empty where it has none of them, as SurveyJS has it: then a name or value is read.
   */
  choose(texts: ReadonlyMap<string, string>): string {
    const byTag = new Map<string, string>();
    for (const [key, text] of texts) if (text.trim() !== '') byTag.set(tag(key), text);
    for (const key of byTag.keys()) this.#seen.add(key);
    for (const candidate of this.#candidates) {
      const key = closest(candidate, byTag);
      if (key === undefined) continue;
      if (candidate === this.#wanted) this.#wantedWasSeen = true;
      return byTag.get(key) ?? '';
    }
    return '';
  }

  /** The languages there are, if the wanted one was in no localised text of all that were chosen from; else `null`. */
  missing(): readonly string[] | null {
    if (this.#wanted === null || this.#wantedWasSeen || this.#seen.size === 0 || base(this.#wanted) === 'en')
      return null;
    return [...this.#seen].sort();
  }
}

function closest(wanted: string, there: ReadonlyMap<string, string>): string | undefined {
  if (there.has(wanted)) return wanted;
  const root = base(wanted);
  return there.has(root) ? root : [...there.keys()].find((key) => base(key) === root);
}

function tag(locale: string): string {
  return locale.trim().toLowerCase().replaceAll('_', '-');
}

function base(locale: string): string {
  return locale.split('-', 1)[0] ?? locale;
}
