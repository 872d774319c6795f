import { Dialog } from 'radix-ui';
import { useState, type FormEvent } from 'react';

import { Button } from '../components/button.tsx';
import { TextArea } from '../components/text-area.tsx';

interface ReportDialogFace {
  /** Null where nothing is to be reported. */
  readonly onEnd: (reason: string | null) => void;
}

const REASON_LENGTH_MAX = 2000;

export function ReportDialog({ onEnd }: ReportDialogFace) {
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() !== '') onEnd(reason.trim());
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onEnd(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-black/40" />
        <Dialog.Content className="fixed left-1/2 top-[20vh] z-50 w-[min(480px,calc(100vw-32px))] -translate-x-1/2 animate-fade-in rounded-xl border bg-surface p-6 shadow-raised">
          <Dialog.Title className="text-lg font-semibold">Report this answer</Dialog.Title>
          <Dialog.Description className="mt-1 text-ink-soft">
            Whoever looks after this server reads it, with the answer beside it.
          </Dialog.Description>
          <form onSubmit={submit} className="mt-4">
            <TextArea
              label="What is wrong with it?"
              value={reason}
              rows={4}
              maxLength={REASON_LENGTH_MAX}
              onText={setReason}
            />
            <div className="mt-4 flex justify-end gap-2">
              <Button onClick={() => onEnd(null)}>Cancel</Button>
              <Button type="submit" look="primary" disabled={reason.trim() === ''}>
                Report
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
