import { AlertDialog } from 'radix-ui';

import { Button } from '../components/button.tsx';

interface StopQuestionFace {
  readonly onStop: () => void;
  readonly onClose: () => void;
}

export function StopQuestion({ onStop, onClose }: StopQuestionFace) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-black/40" />
        <AlertDialog.Content className="fixed left-1/2 top-[24vh] z-50 w-[min(440px,calc(100vw-32px))] -translate-x-1/2 animate-fade-in rounded-xl border bg-surface p-6 shadow-raised">
          <AlertDialog.Title className="text-lg font-semibold">Stop this run?</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-ink-soft">
            It ends with what it has: finished trials and their evidence stay. A stopped run is not resumed.
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Go on</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button look="danger" onClick={onStop}>
                Stop the run
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
