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
