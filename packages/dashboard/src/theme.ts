import { storedPreference } from './stored-preference.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themePreference = storedPreference<Theme>('panelist.theme', themes, () => 'system');

/** Follows the preference: theme.css reads the attribute. */
export function applyTheme(): void {
  const apply = (): void => {
    const theme = themePreference.get();
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  };
  themePreference.subscribe(apply);
  apply();
}

/** For what has no colours of its own in CSS: a canvas, another library's theme. */
export const darkness = {
  isDark: (): boolean => {
    const theme = themePreference.get();
    return theme === 'system' ? systemIsDark().matches : theme === 'dark';
  },
  subscribe: (onChange: () => void): (() => void) => {
    const query = systemIsDark();
    query.addEventListener('change', onChange);
    const unsubscribe = themePreference.subscribe(onChange);
    return () => {
      query.removeEventListener('change', onChange);
      unsubscribe();
    };
  },
};

function systemIsDark(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}
