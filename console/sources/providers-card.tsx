// The providers with their keys. A key goes in and never comes out: it is shown by its first and last characters.

import { useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2, TriangleAlert } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import { PROVIDER_NAMES, type ProviderShown } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { Question } from '../components/question.tsx';
import { SelectField } from '../components/select-field.tsx';
import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { addKey, removeKey } from './queries.ts';
import { ageText, isKeyDue } from './sources-state.ts';

interface ProvidersCardFace {
  readonly providers: readonly ProviderShown[];
  readonly mayChange: boolean;
}

export function ProvidersCard({ providers, mayChange }: ProvidersCardFace) {
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Card
      title="Providers and keys"
      icon={KeyRound}
      bare
      aside={
        mayChange &&
        !isAdding && (
          <Button size="small" onClick={() => setIsAdding(true)}>
            <Plus aria-hidden /> Add a key
          </Button>
        )
      }
    >
      {isAdding && <KeyForm onEnd={() => setIsAdding(false)} />}
      <ul aria-label="Providers" className="divide-y">
        {providers.map((provider) => (
          <li key={provider.provider} className="px-4 py-3 sm:px-5">
            <Provider provider={provider} mayChange={mayChange} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Provider({ provider, mayChange }: { readonly provider: ProviderShown; readonly mayChange: boolean }) {
  const { keys, model, baseUrl, variable } = provider;
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
      <div className="w-56 min-w-0">
        <p className="text-sm font-medium">{provider.provider}</p>
        <p className="text-xs text-ink-soft [overflow-wrap:anywhere]">
          {model === null ? 'no model set' : model}
          {baseUrl !== null && `, ${baseUrl}`}
        </p>
      </div>
      <div className="min-w-0 flex-1 basis-64">
        {keys.length === 0 ? (
          <p className="text-sm text-ink-soft">
            No key. <code className="font-mono text-xs">{variable}</code> sets one.
          </p>
        ) : (
          <ul aria-label={`Keys of ${provider.provider}`} className="space-y-1">
            {keys.map((key) => (
              <Key key={key.id ?? key.masked} shown={key} variable={variable} mayChange={mayChange} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

interface KeyFace {
  readonly shown: ProviderShown['keys'][number];
  readonly variable: string;
  readonly mayChange: boolean;
}

function Key({ shown: { id, masked, ageDays }, variable, mayChange }: KeyFace) {
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useOrder({
    send: removeKey,
    doing: 'Removing the key',
    done: () => {
      void queries.invalidateQueries({ queryKey: ['sources'] });
      tell(`The key ${masked} is removed.`);
    },
  });
  const isOld = isKeyDue(ageDays);
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-3 text-sm">
      <code className="font-mono text-xs">{masked}</code>
      <span className={isOld ? 'flex items-center gap-1 text-xs text-warn' : 'text-xs text-ink-soft'}>
        {isOld && <TriangleAlert aria-hidden className="size-3.5" />}
        {id === null ? `set by ${variable}` : ageText(ageDays)}
        {isOld && ': time for another'}
      </span>
      {id !== null && mayChange && (
        <Button
          look="quiet"
          size="icon"
          className="ml-auto size-8"
          aria-label={`Remove the key ${masked}`}
          onClick={() => setIsAsked(true)}
        >
          <Trash2 aria-hidden />
        </Button>
      )}
      {isAsked && id !== null && (
        <Question
          title={`Remove the key ${masked}?`}
          detail="No further call is made with it. To use it again, it must be added again."
          yes="Remove it"
          onYes={() => remove.mutate({ key: freshKey(), id })}
          onClose={() => setIsAsked(false)}
        />
      )}
    </li>
  );
}

function KeyForm({ onEnd }: { readonly onEnd: () => void }) {
  const queries = useQueryClient();
  const [provider, setProvider] = useState<(typeof PROVIDER_NAMES)[number]>('anthropic');
  const [text, setText] = useState('');
  const add = useOrder({
    send: addKey,
    doing: 'Adding the key',
    quiet: true,
    done: () => {
      void queries.invalidateQueries({ queryKey: ['sources'] });
      tell('The key is added. It counts from the next call on.', { tone: 'good' });
      onEnd();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ key: freshKey(), wanted: { provider, key: text } });
  };
  return (
    <form onSubmit={submit} className="border-b bg-canvas px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label="Provider"
          value={provider}
          options={PROVIDER_NAMES.map((value) => ({ value, label: value }))}
          onChange={(value) => setProvider(PROVIDER_NAMES.find((name) => name === value) ?? 'anthropic')}
        />
        <Field
          label="Key"
          type="password"
          value={text}
          onText={setText}
          minLength={8}
          maxLength={400}
          required
          className="w-80 max-w-full"
        />
        <Button type="submit" look="primary" disabled={add.isPending}>
          Add
        </Button>
        <Button look="quiet" onClick={onEnd}>
          Cancel
        </Button>
      </div>
      {add.error !== null && <ProblemText problem={toFault(add.error, 'Adding the key')} />}
    </form>
  );
}
