import { useNow } from '../components/use-now.ts';
import { untilText } from './schedules-state.ts';

/** A moment to come as people say it, with the exact time for those who hover. */
export function Upcoming({ at }: { readonly at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className="numeric">
      next {untilText(Date.parse(at), now)}
    </time>
  );
}
