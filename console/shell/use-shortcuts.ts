import { useEffect, useEffectEvent } from 'react';
import { tinykeys } from 'tinykeys';

import { belongsToPerson, SHORTCUTS, type ShortcutAction } from './shortcuts.ts';

/** Listens for every shortcut of the table as long as the shell is there. */
export function useShortcuts(act: (action: ShortcutAction) => void): void {
  const actNow = useEffectEvent(act);
  useEffect(() => {
    const bindings = Object.fromEntries(
      SHORTCUTS.flatMap(({ keys, action }) =>
        action === null
          ? []
          : [
              [
                keys,
                (event: KeyboardEvent) => {
                  if (belongsToPerson(event.target, event.ctrlKey || event.metaKey)) return;
                  event.preventDefault();
                  actNow(action);
                },
              ] as const,
            ],
      ),
    );
    return tinykeys(window, bindings, { ignore: () => false });
  }, []);
}
