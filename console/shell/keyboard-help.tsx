import { Dialog } from 'radix-ui';

import { Kbd } from '../components/kbd.tsx';
import { SHORTCUTS } from './shortcuts.ts';

const GROUPS = ['Go to', 'Do', 'In a chat', 'In lists and dialogs'] as const;

export function KeyboardHelp({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed left-1/2 top-[12vh] z-50 max-h-[76vh] w-[min(480px,calc(100vw-32px))] -translate-x-1/2 animate-fade-in overflow-y-auto rounded-xl border bg-surface p-6 shadow-raised"
        >
          <Dialog.Title className="text-lg font-semibold">Keyboard</Dialog.Title>
          {GROUPS.map((group) => (
            <section key={group} className="mt-4">
              <h3 className="text-xs font-medium text-ink-faint">{group}</h3>
              <dl className="mt-1 divide-y">
                {SHORTCUTS.filter((shortcut) => shortcut.group === group).map((shortcut) => (
                  <div key={shortcut.keys} className="flex items-center justify-between py-1.5">
                    <dt>{shortcut.label}</dt>
                    <dd className="flex gap-1">
                      {shortcut.shown.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
