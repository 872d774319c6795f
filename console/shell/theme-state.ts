// Light, dark, or as the system has it. public/theme.js applies the same rules before the first paint.

const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'tandem-theme';

export const parseTheme = (text: string | null): Theme => THEMES.find((theme) => theme === text) ?? 'system';
export const nextTheme = (theme: Theme): Theme => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
export const isDark = (theme: Theme, systemIsDark: boolean): boolean =>
  theme === 'dark' || (theme === 'system' && systemIsDark);

export function storedTheme(): Theme {
  try {
    return parseTheme(localStorage.getItem(KEY));
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
    return 'system';
  }
}

export function applyTheme(theme: Theme): void {
  const dark = isDark(theme, matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // As above: nothing is lost but the memory of it.
    return;
  }
}
