import { useNow } from './use-now.ts';
import { agoText } from './words.ts';

/** A moment as people say it, with the exact time for those who hover. */
export function Moment({ at }: { readonly at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className="numeric whitespace-nowrap">
      {agoText(Date.parse(at), now)}
    </time>
  );
}
