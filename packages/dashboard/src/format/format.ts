import type { Language } from '../messages/messages.ts';

/** How numbers, amounts and times are written in one language. */
export interface Format {
  /** With separators: 12,345. */
  whole(value: number): string;
  /** @param digits the maximum number of decimals. @default 1 */
  decimal(value: number, digits?: number): string;
  /** 1.2M, 34K: where the magnitude is enough. */
  compact(value: number): string;
  /** @param share 0 to 1 @param digits decimals. @default 0 */
  percent(share: number, digits?: number): string;
  /** US dollars: cents from a dollar on, two significant digits below a cent. */
  usd(value: number): string;
  /** 512 kB, 3.4 MB. */
  bytes(value: number): string;
  /** The two largest units: 3 min 20 s, 2 h 5 min. */
  duration(ms: number): string;
  /** Date and time of day, to the minute. */
  dateTime(at: string | number | Date): string;
  /** Time of day, to the second. */
  time(at: string | number | Date): string;
}

const locales: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

export function createFormat(language: Language): Format {
  const locale = locales[language];
  const number = memoized((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
  const date = memoized((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));
  const unit = (value: number, name: string): string =>
    number({ style: 'unit', unit: name, unitDisplay: 'narrow' }).format(value);

  return {
    whole: (value) => number({ maximumFractionDigits: 0 }).format(value),
    decimal: (value, digits = 1) => number({ maximumFractionDigits: digits }).format(value),
    compact: (value) => number({ notation: 'compact', maximumSignificantDigits: 3 }).format(value),
    percent: (share, digits = 0) =>
      number({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        share,
      ),
    usd: (value) => {
      const isTiny = value > 0 && value < 0.01;
      const digits = isTiny ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 };
      return number({
        style: 'currency',
        currency: 'USD',
        currencyDisplay: 'narrowSymbol',
        ...digits,
      }).format(value);
    },
    bytes: (value) => {
      const [name, size] =
        value < 1e3
          ? (['byte', 1] as const)
          : value < 1e6
            ? (['kilobyte', 1e3] as const)
            : (['megabyte', 1e6] as const);
      const unitDisplay = name === 'byte' ? 'long' : 'short';
      return number({ style: 'unit', unit: name, unitDisplay, maximumSignificantDigits: 3 }).format(
        value / size,
      );
    },
    duration: (ms) => {
      if (ms < 1_000) return unit(Math.max(0, Math.round(ms / 100)) / 10, 'second');
      let seconds = Math.round(ms / 1_000);
      const parts: string[] = [];
      for (const [name, size] of units) {
        const amount = Math.floor(seconds / size);
        seconds -= amount * size;
        if (amount > 0) parts.push(unit(amount, name));
        else if (parts.length > 0) break;
        if (parts.length === 2) break;
      }
      return parts.join(' ');
    },
    dateTime: (at) =>
      date({ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
        new Date(at),
      ),
    time: (at) =>
      date({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(at)),
  };
}

/** The formatters of Intl are slow to make. */
function memoized<Options extends object, T>(make: (options: Options) => T): (options: Options) => T {
  const made = new Map<string, T>();
  return (options) => {
    const key = JSON.stringify(options);
    const known = made.get(key) ?? make(options);
    made.set(key, known);
    return known;
  };
}
