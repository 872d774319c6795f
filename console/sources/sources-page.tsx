// Who answers: providers and their keys, the legs a call may go over, the routes that choose among them, and how other
// tools are pointed here.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Radar, Route } from 'lucide-react';
import type { Sources } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Screen } from '../components/screen.tsx';
import { tell } from '../components/tell.ts';
import { faceOf } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { sessionQuery } from '../requests/queries.ts';
import { useOrder } from '../requests/use-order.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { GatewayCard } from './gateway-card.tsx';
import { LegsCard } from './legs-card.tsx';
import { ProvidersCard } from './providers-card.tsx';
import { discover, sourcesQuery } from './queries.ts';
import { RoutesCard } from './routes-card.tsx';

export function SourcesPage() {
  usePageTitle('Sources');
  const sources = useQuery(sourcesQuery);
  const session = useQuery(sessionQuery);
  const isOwner = session.data?.role === 'owner';
  return (
    <>
      <PageHeader
        title="Sources"
        lead="Who answers, over which legs, with which keys. What you change counts from the next call on."
        actions={isOwner && <DiscoverButton />}
      />
      <Screen face={faceOf(sources)} loading="Loading who answers">
        {(value) => (
          <div className="space-y-6">
            <AnswersNow sources={value} />
            <LegsCard legs={value.legs} />
            <ProvidersCard providers={value.providers} mayChange={isOwner} />
            <RoutesCard routes={value.routes} models={value.models} mayChange={isOwner} />
            {isOwner && <GatewayCard />}
          </div>
        )}
      </Screen>
    </>
  );
}

function DiscoverButton() {
  const queries = useQueryClient();
  const look = useOrder({
    send: discover,
    doing: 'Looking for servers of models',
    done: (sources: Sources) => {
      queries.setQueryData(sourcesQuery.queryKey, sources);
      tell(`What answers now: ${sources.text}.`);
    },
  });
  return (
    <Button disabled={look.isPending} onClick={() => look.mutate({ key: freshKey() })}>
      <Radar aria-hidden className={look.isPending ? 'animate-breathe' : ''} />
      {look.isPending ? 'Looking…' : 'Find servers on this machine'}
    </Button>
  );
}

/** The provider of the built-in rules. */
const RULES = 'tandem-rules';

function AnswersNow({ sources: { text, legs } }: { readonly sources: Sources }) {
  return (
    <p className="flex items-center gap-3 rounded-xl border border-accent-line bg-accent-soft px-4 py-3 sm:px-5">
      <Route aria-hidden className="size-5 shrink-0 text-accent-text" />
      <span>
        What answers now: <strong className="font-semibold">{text}</strong>.
        {!legs.some(({ provider }) => provider !== RULES) && (
          <span className="text-ink-soft">
            {' '}
            No model is set up, so rules answer: they cost nothing and say honestly what they cannot do. Add a key
            below, or start a server of models on this machine.
          </span>
        )}
      </span>
    </p>
  );
}
