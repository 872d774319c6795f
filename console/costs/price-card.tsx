// What a model costs and where that was read; and a price for one that has none, which would otherwise not be called.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleHelp, Tag } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import { PROVIDER_NAMES, type PriceShown } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Chip, type Look } from '../components/chip.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { microUsdOf } from '../components/money.ts';
import { SelectField } from '../components/select-field.tsx';
import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { lookUpPrice, setPrice } from './queries.ts';

export function PriceCard({ maySet }: { readonly maySet: boolean }) {
  const [provider, setProvider] = useState<string>('openai_compatible');
  const [model, setModel] = useState('');
  const look = useMutation({ mutationFn: lookUpPrice });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (model.trim() !== '') look.mutate({ provider, model: model.trim() });
  };
  const asked = look.variables;
  return (
    <Card title="Prices" icon={Tag}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <SelectField
          label="Provider"
          value={provider}
          options={['local', ...PROVIDER_NAMES].map((value) => ({ value, label: value }))}
          onChange={setProvider}
        />
        <Field label="Model" value={model} onText={setModel} className="w-64 max-w-full" />
        <Button type="submit" disabled={look.isPending}>
          Look up
        </Button>
      </form>
      {look.error !== null && <ProblemText problem={toFault(look.error, 'Looking up the price')} />}
      {look.data !== undefined && asked !== undefined && (
        <div className="mt-4 space-y-4">
          <Price price={look.data} />
          {maySet && (
            <PriceForm key={`${asked.provider} ${asked.model}`} asked={asked} onSet={() => look.mutate(asked)} />
          )}
        </div>
      )}
    </Card>
  );
}

const KINDS: Readonly<Record<PriceShown['kind'], Look>> = {
  priced: { tone: 'good', icon: CircleCheck, word: 'priced' },
  retired: { tone: 'warn', icon: CircleHelp, word: 'retired' },
  unpriced: { tone: 'warn', icon: CircleHelp, word: 'no price' },
};

function Price({ price: { kind, inputUsd, outputUsd, version, source } }: { readonly price: PriceShown }) {
  return (
    <div role="status" className="space-y-1 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Chip look={KINDS[kind]} />
        {inputUsd !== null && outputUsd !== null && (
          <span className="numeric font-medium">
            ${inputUsd} for a million tokens read, ${outputUsd} written
          </span>
        )}
      </p>
      <p className="text-ink-soft [overflow-wrap:anywhere]">
        {source}
        {version !== null && ` Price list ${version}.`}
      </p>
    </div>
  );
}

interface PriceFormFace {
  readonly asked: { readonly provider: string; readonly model: string };
  readonly onSet: () => void;
}

function PriceForm({ asked, onSet }: PriceFormFace) {
  const queries = useQueryClient();
  const [input, setInput] = useState('');
  const [output, setOutput] = useState('');
  const save = useOrder({
    send: setPrice,
    doing: 'Setting the price',
    done: () => {
      void queries.invalidateQueries({ queryKey: ['costs'] });
      tell(`The price of ${asked.model} is set.`, { tone: 'good' });
      onSet();
    },
  });
  const [inputMicro, outputMicro] = [microUsdOf(input), microUsdOf(output)];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (inputMicro === null || outputMicro === null) return;
    const price = { ...asked, inputUsd: inputMicro / 1_000_000, outputUsd: outputMicro / 1_000_000 };
    save.mutate({ key: freshKey(), price });
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3 border-t pt-4">
      <Field label="Dollars for a million read" inputMode="decimal" value={input} onText={setInput} className="w-48" />
      <Field label="For a million written" inputMode="decimal" value={output} onText={setOutput} className="w-48" />
      <Button type="submit" disabled={inputMicro === null || outputMicro === null || save.isPending}>
        Set the price
      </Button>
    </form>
  );
}
