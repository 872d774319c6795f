// The routes: a name that callers use, and which models answer to it, in which order or share.

import { useQueryClient } from '@tanstack/react-query';
import { GitFork, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { RouteShape, Sources } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Question } from '../components/question.tsx';
import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { setRoutes } from './queries.ts';
import { RouteForm } from './route-form.tsx';
import { policyText } from './sources-state.ts';

interface RoutesCardFace {
  readonly routes: readonly RouteShape[];
  readonly models: Sources['models'];
  readonly mayChange: boolean;
}

/** The name of the route that is changed; empty for one that is being made. */
type Changing = string | null;

export function RoutesCard({ routes, models, mayChange }: RoutesCardFace) {
  const [changing, setChanging] = useState<Changing>(null);
  const [removing, setRemoving] = useState<RouteShape | null>(null);
  const save = useSave(() => setChanging(null));
  const begin = (name: Changing): void => {
    save.reset();
    setChanging(name);
  };
  const formFor = (before?: RouteShape) => (
    <RouteForm
      {...(before === undefined ? {} : { before })}
      models={models}
      fault={save.error}
      isSaving={save.isPending}
      onSave={(route) => save.mutate({ key: freshKey(), routes: replaced(routes, before, route) })}
      onCancel={() => begin(null)}
    />
  );
  return (
    <Card
      title="Routes"
      icon={GitFork}
      bare
      aside={
        mayChange &&
        changing === null && (
          <Button size="small" onClick={() => begin('')}>
            <Plus aria-hidden /> Add a route
          </Button>
        )
      }
    >
      {changing === '' && formFor()}
      {routes.length === 0 && changing === null && (
        <p className="px-5 py-6 text-center text-ink-soft">
          No route of your own. <code className="font-mono text-xs">auto</code> is always there: it goes over every
          model that is set up.
        </p>
      )}
      <ul aria-label="Routes" className="divide-y">
        {routes.map((route) => (
          <li key={route.name}>
            {changing === route.name ? (
              formFor(route)
            ) : (
              <RouteLine
                route={route}
                mayChange={mayChange}
                onChange={() => begin(route.name)}
                onRemove={() => setRemoving(route)}
              />
            )}
          </li>
        ))}
      </ul>
      {removing !== null && (
        <Question
          title={`Remove the route ${removing.name}?`}
          detail="Whoever calls it by this name is told that there is no such model."
          yes="Remove it"
          onYes={() => save.mutate({ key: freshKey(), routes: routes.filter((route) => route !== removing) })}
          onClose={() => setRemoving(null)}
        />
      )}
    </Card>
  );
}

const replaced = (
  routes: readonly RouteShape[],
  before: RouteShape | undefined,
  route: RouteShape,
): readonly RouteShape[] =>
  before === undefined ? [...routes, route] : routes.map((each) => (each === before ? route : each));

function useSave(saved: () => void) {
  const queries = useQueryClient();
  return useOrder({
    send: setRoutes,
    doing: 'Saving the routes',
    quiet: true,
    done: () => {
      void queries.invalidateQueries({ queryKey: ['sources'] });
      tell('The routes are saved. They count from the next call on.', { tone: 'good' });
      saved();
    },
  });
}

interface RouteLineFace {
  readonly route: RouteShape;
  readonly mayChange: boolean;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

function RouteLine({ route, mayChange, onChange, onRemove }: RouteLineFace) {
  const named = Object.keys(route.options ?? {});
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3 sm:px-5">
      <div className="w-56 min-w-0">
        <p className="font-mono text-sm font-medium">{route.name}</p>
        <p className="text-xs text-ink-soft">
          {policyText(route.policy)}
          {named.length > 0 && `, options for ${named.join(', ')}`}
        </p>
      </div>
      <ol className="min-w-0 flex-1 basis-64 text-sm [overflow-wrap:anywhere]">
        {route.targets.length === 0 ? (
          <li className="text-ink-soft">every model that is set up</li>
        ) : (
          route.targets.map(({ model, weight }, index) => (
            <li key={`${index} ${model}`}>
              {route.policy === 'weighted' ? `${weight} × ` : `${index + 1}. `}
              {model}
            </li>
          ))
        )}
      </ol>
      {mayChange && (
        <span className="flex">
          <Button
            look="quiet"
            size="icon"
            className="size-8"
            aria-label={`Change the route ${route.name}`}
            onClick={onChange}
          >
            <Pencil aria-hidden />
          </Button>
          {route.name !== 'auto' && (
            <Button
              look="quiet"
              size="icon"
              className="size-8"
              aria-label={`Remove the route ${route.name}`}
              onClick={onRemove}
            >
              <Trash2 aria-hidden />
            </Button>
          )}
        </span>
      )}
    </div>
  );
}
