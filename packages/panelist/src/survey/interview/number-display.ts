import type { NumberDisplay } from '../questionnaire.ts';

/** A computed value as texts show it: in the survey's language, with its currency, percent sign or format. */
export function numberText(value: unknown, display: NumberDisplay | null, locale: string): string {
  if (value === undefined || value === null) return '';
  const bare = Array.isArray(value) ? value.join(', ') : String(value);
  if (display === null) return bare;
  const shown = styled(value, display, locale) ?? bare;
  return display.format === '' ? shown : display.format.replaceAll('{0}', () => shown);
}

function styled(value: unknown, display: NumberDisplay, locale: string): string | null {
  const { style, currency, useGrouping, minimumFractionDigits, maximumFractionDigits } = display;
  if (style === 'none') return null;
  try {
    if (style === 'date') {
      const date = new Date(
        /^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? `${String(value)}T00:00:00` : String(value),
      );
      return Number.isNaN(date.getTime()) ? null : date.toLocaleDateString(locale);
    }
    if (typeof value !== 'number') return null;
    return value.toLocaleString(locale, {
      style,
      useGrouping,
      ...(style === 'currency' && { currency }),
      ...(minimumFractionDigits !== null && { minimumFractionDigits }),
      ...(maximumFractionDigits !== null && { maximumFractionDigits }),
    });
  } catch {
    // A locale, currency or number of digits that Intl does not know.
    return null;
  }
}
