// Pictures of a conversation. They are asked for with the person's own rights, which an address alone does not carry.

import type { Artifact } from '../protocol/index.ts';
import type { Requests } from '../requests/index.ts';
import { picturePlace } from '../thread/index.ts';

/** @param origin Of the server: a picture from anywhere else is not asked for. */
export function pictureLoader(
  requests: Requests,
  origin: string,
): (artifact: Artifact, show: (url: string | null) => void) => () => void {
  return (artifact, show) => {
    const place = picturePlace(artifact.url, origin);
    const stop = new AbortController();
    let made: string | null = null;
    const load = async (): Promise<void> => {
      if (place === null) return show(null);
      if (place.startsWith('blob:')) return show(place);
      const response = await requests.open(new URL(place).pathname, { signal: stop.signal });
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || !/^image\/(?:png|jpeg|webp|gif|avif)\b/.test(type)) return show(null);
      made = URL.createObjectURL(await response.blob());
      if (stop.signal.aborted) URL.revokeObjectURL(made);
      else show(made);
    };
    load().catch(() => {
      // Whoever is gone needs no picture; anyone else is told that there is none.
      if (!stop.signal.aborted) show(null);
    });
    return () => {
      stop.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  };
}
