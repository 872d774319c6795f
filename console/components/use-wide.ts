import { useSyncExternalStore } from 'react';

/** From here on there is room for a third column: Tailwind's `xl`. */
const WIDE = '(min-width: 1280px)';

export function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(WIDE);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(WIDE).matches,
  );
}
