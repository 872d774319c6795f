import { X } from 'lucide-react';
import { useCallback } from 'react';

import type { Attached } from './attachments.ts';

interface AttachedListFace {
  readonly attached: readonly Attached[];
  readonly onChange: (attached: readonly Attached[]) => void;
}

/** The pictures that go with the message, each with what it shows. */
export function AttachedList({ attached, onChange }: AttachedListFace) {
  if (attached.length === 0) return null;
  return (
    <ul aria-label="Pictures that go with it" className="flex flex-wrap gap-2 px-3 pt-3">
      {attached.map((each) => (
        <li key={each.id} className="flex w-full max-w-80 items-center gap-2 rounded-xl border bg-canvas p-1.5">
          <Preview file={each.file} />
          <input
            value={each.alt}
            maxLength={500}
            aria-label={`What ${each.file.name} shows`}
            placeholder="What does it show?"
            onChange={({ target }) =>
              onChange(attached.map((other) => (other === each ? { ...each, alt: target.value } : other)))
            }
            className="h-8 min-w-0 flex-1 rounded-md border border-control bg-surface px-2 text-sm placeholder:text-ink-faint"
          />
          <button
            type="button"
            aria-label={`Remove ${each.file.name}`}
            onClick={() => onChange(attached.filter((other) => other !== each))}
            className="grid size-7 shrink-0 place-items-center rounded-md text-ink-soft hover:bg-sunken"
          >
            <X aria-hidden className="size-4" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Preview({ file }: { readonly file: File }) {
  const show = useCallback(
    (image: HTMLImageElement | null) => {
      if (image === null) return undefined;
      const url = URL.createObjectURL(file);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  return <img ref={show} alt="" className="size-10 shrink-0 rounded-lg object-cover" />;
}
