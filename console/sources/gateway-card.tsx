// The gateway: how another tool is pointed here, and the keys with which it calls.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plug, Plus } from 'lucide-react';
import { useState } from 'react';
import type { GatewayKeyShown, IssuedGatewayKey } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyLine } from '../components/copy-line.tsx';
import { Moment } from '../components/moment.tsx';
import { Question } from '../components/question.tsx';
import { Screen } from '../components/screen.tsx';
import { tell } from '../components/tell.ts';
import { faceOf } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { GatewayKeyForm } from './gateway-key-form.tsx';
import { gatewayKeysQuery, revokeGatewayKey } from './queries.ts';

export function GatewayCard() {
  const keys = useQuery(gatewayKeysQuery);
  const [isMaking, setIsMaking] = useState(false);
  const [issued, setIssued] = useState<IssuedGatewayKey | null>(null);
  return (
    <Card
      title="Gateway for other tools"
      icon={Plug}
      bare
      aside={
        !isMaking && (
          <Button size="small" onClick={() => setIsMaking(true)}>
            <Plus aria-hidden /> Make a key
          </Button>
        )
      }
    >
      {isMaking && (
        <GatewayKeyForm
          onIssued={(made) => {
            setIssued(made);
            setIsMaking(false);
          }}
          onCancel={() => setIsMaking(false)}
        />
      )}
      {issued !== null && <Issued issued={issued} onClose={() => setIssued(null)} />}
      <Pointing />
      <Screen face={faceOf(keys)} loading="Loading the keys of the gateway">
        {(all) =>
          all.length === 0 ? (
            <p className="border-t px-5 py-6 text-center text-ink-soft">No key of the gateway yet.</p>
          ) : (
            <ul aria-label="Gateway keys" className="divide-y border-t">
              {all.map((key) => (
                <li key={key.id}>
                  <KeyLine shown={key} />
                </li>
              ))}
            </ul>
          )
        }
      </Screen>
    </Card>
  );
}

function Pointing() {
  const lines = [
    { name: 'Tools that speak OpenAI’s protocol', line: `OPENAI_BASE_URL=${location.origin}/v1` },
    { name: 'Tools that speak Anthropic’s protocol', line: `ANTHROPIC_BASE_URL=${location.origin}` },
  ];
  return (
    <div className="grid gap-3 px-4 py-4 sm:px-5 lg:grid-cols-2">
      {lines.map(({ name, line }) => (
        <div key={name} className="min-w-0">
          <p className="mb-1 text-sm text-ink-soft">{name}</p>
          <CopyLine line={line} label={`Copy the line for ${name}`} />
        </div>
      ))}
      <p className="text-sm text-ink-soft lg:col-span-2">
        Give them a key of the gateway as their API key. As a model, name a route such as{' '}
        <code className="font-mono text-xs">auto</code>, or one from the list of models.
      </p>
    </div>
  );
}

function Issued({ issued, onClose }: { readonly issued: IssuedGatewayKey; readonly onClose: () => void }) {
  return (
    <div role="status" className="border-b bg-good-soft px-4 py-4 sm:px-5">
      <p className="text-sm font-medium text-good">The key is made. It is shown now and never again.</p>
      <CopyLine className="mt-2" line={issued.key} label="Copy the key" />
      <Button size="small" look="quiet" className="mt-2" onClick={onClose}>
        I have it
      </Button>
    </div>
  );
}

function KeyLine({ shown }: { readonly shown: GatewayKeyShown }) {
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const revoke = useOrder({
    send: revokeGatewayKey,
    doing: 'Taking the key back',
    done: () => {
      void queries.invalidateQueries({ queryKey: ['sources'] });
      tell(`The key ${shown.name} is taken back.`);
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium [overflow-wrap:anywhere]">{shown.name}</p>
        <p className="text-xs text-ink-soft">
          made <Moment at={shown.createdAt} />, id <code className="font-mono">{shown.id}</code>
        </p>
      </div>
      {shown.revokedAt === null ? (
        <Button size="small" look="danger" onClick={() => setIsAsked(true)} aria-label={`Take back ${shown.name}`}>
          Take back
        </Button>
      ) : (
        <span className="text-xs text-ink-soft">
          taken back <Moment at={shown.revokedAt} />
        </span>
      )}
      {isAsked && (
        <Question
          title={`Take back the key ${shown.name}?`}
          detail="Whoever calls with it is refused from now on, also in the middle of something."
          yes="Take it back"
          onYes={() => revoke.mutate({ key: freshKey(), id: shown.id })}
          onClose={() => setIsAsked(false)}
        />
      )}
    </div>
  );
}
