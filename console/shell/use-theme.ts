import { useEffect, useState } from 'react';

import { applyTheme, storedTheme, type Theme } from './theme-state.ts';

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(storedTheme);
  useEffect(() => {
    applyTheme(theme);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => applyTheme(theme);
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, [theme]);
  return [theme, setTheme];
}
