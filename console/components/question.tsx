// Asks once more before something that cannot be undone.

import { AlertDialog } from 'radix-ui';

import { Button } from './button.tsx';

interface QuestionFace {
  readonly title: string;
  readonly detail: string;
  readonly yes: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

export function Question({ title, detail, yes, onYes, onClose }: QuestionFace) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-black/40" />
        <AlertDialog.Content className="fixed left-1/2 top-[24vh] z-50 w-[min(440px,calc(100vw-32px))] -translate-x-1/2 animate-fade-in rounded-xl border bg-surface p-6 shadow-raised">
          <AlertDialog.Title className="text-lg font-semibold [overflow-wrap:anywhere]">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-ink-soft">{detail}</AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Keep it</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button look="danger" onClick={onYes}>
                {yes}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
