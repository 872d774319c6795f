// A picture of a message, and the way to a larger one, where there is a model that can make it.

import type { Artifact } from 'chat/protocol';
import { handleApiError } from 'chat/requests';
import { picturePlace } from 'chat/thread';
import { ImageUpscale } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../components/button.tsx';
import { classes } from '../components/classes.ts';
import { useChatScreen } from './screen-context.ts';

type Enlarging =
  | { readonly kind: 'none' }
  | { readonly kind: 'under-way' }
  | { readonly kind: 'done'; readonly artifact: Artifact }
  | { readonly kind: 'unavailable'; readonly text: string };

export function MessagePicture({ artifact, isOwn }: { readonly artifact: Artifact; readonly isOwn: boolean }) {
  const { chat } = useChatScreen();
  const [enlarging, setEnlarging] = useState<Enlarging>({ kind: 'none' });
  const shown = enlarging.kind === 'done' ? enlarging.artifact : artifact;
  const place = picturePlace(shown.url, location.origin);
  const enlarge = async (): Promise<void> => {
    setEnlarging({ kind: 'under-way' });
    chat.events.triggerChatEvent('image:upscale', { imageId: artifact.id });
    try {
      setEnlarging({ kind: 'done', artifact: (await chat.api.upscale(artifact.id)).artifact });
    } catch (thrown) {
      const { problem, userMessage } = handleApiError(thrown);
      const text = problem === null ? userMessage : [problem.detail, problem.next].filter(Boolean).join(' ');
      setEnlarging({ kind: 'unavailable', text });
    }
  };
  return (
    <figure data-image-id={artifact.id} className={classes('mt-2 w-fit max-w-sm', isOwn && 'ml-auto')}>
      {place === null ? (
        <p className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
          This picture lies elsewhere and is not shown.
        </p>
      ) : (
        <img
          src={place}
          alt={shown.alt}
          width={shown.width}
          height={shown.height}
          className="h-auto max-h-72 w-auto max-w-full rounded-xl border bg-sunken object-contain"
        />
      )}
      <figcaption className="mt-1 flex flex-wrap items-center gap-2 text-xs text-ink-soft">
        <span className="numeric min-w-0 flex-1 truncate">
          {shown.alt === '' ? 'No description' : shown.alt} · {shown.width} × {shown.height}
        </span>
        {enlarging.kind !== 'done' && enlarging.kind !== 'unavailable' && (
          <Button
            size="small"
            look="quiet"
            disabled={enlarging.kind === 'under-way'}
            onClick={() => void enlarge()}
            className="h-7 px-2 text-xs"
          >
            <ImageUpscale aria-hidden /> {enlarging.kind === 'under-way' ? 'Enlarging…' : 'Enlarge'}
          </Button>
        )}
      </figcaption>
      {enlarging.kind === 'unavailable' && (
        <p role="status" className="mt-1 rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          {enlarging.text}
        </p>
      )}
    </figure>
  );
}
