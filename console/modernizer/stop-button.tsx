import { CircleStop } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { Button } from '../components/button.tsx';
import { freshKey, stopRun } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';

// Most who look at a run never stop it: the dialog is loaded when it is asked for.
const StopQuestion = lazy(async () => ({ default: (await import('./stop-question.tsx')).StopQuestion }));

/** Stops a run after asking: a stopped run is not resumed. */
export function StopButton({ run }: { readonly run: string }) {
  const [asking, setAsking] = useState(false);
  const stop = useOrder({ send: stopRun, doing: 'Stopping the run' });
  const stopping = stop.isPending || stop.isSuccess;
  return (
    <>
      <Button look="danger" aria-haspopup="dialog" disabled={stopping} onClick={() => setAsking(true)}>
        <CircleStop aria-hidden /> {stopping ? 'Stopping…' : 'Stop'}
      </Button>
      {asking && (
        <Suspense fallback={null}>
          <StopQuestion onClose={() => setAsking(false)} onStop={() => stop.mutate({ key: freshKey(), run })} />
        </Suspense>
      )}
    </>
  );
}
