import { useState, type KeyboardEvent } from 'react';

import { Button } from '../components/button.tsx';

interface EditFieldFace {
  readonly text: string;
  /** Null where nothing is to be changed. */
  readonly onEnd: (text: string | null) => void;
}

/** A question is changed where it stands. The one before stays, on a branch of its own. */
export function EditField({ text: before, onEnd }: EditFieldFace) {
  const [text, setText] = useState(before);
  const save = (): void => onEnd(text.trim() === '' ? null : text.trim());
  const pressed = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onEnd(null);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
  };
  return (
    <div className="w-[min(36rem,100%)] rounded-2xl border border-accent bg-surface p-3">
      <textarea
        ref={focusAtEnd}
        value={text}
        aria-label="Change the question"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={pressed}
        className="block max-h-80 min-h-16 w-full resize-none bg-transparent outline-none [field-sizing:content]"
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <p className="mr-auto text-xs text-ink-soft">The question before stays, on its own branch.</p>
        <Button size="small" look="quiet" onClick={() => onEnd(null)}>
          Cancel
        </Button>
        <Button size="small" look="primary" disabled={text.trim() === ''} onClick={save}>
          Ask this instead
        </Button>
      </div>
    </div>
  );
}

function focusAtEnd(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
