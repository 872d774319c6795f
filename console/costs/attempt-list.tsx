// The attempts of one call, each with what it used, what it cost and by which price list, and what came of it.

import type { CostLine } from 'tandem/protocol';

import { Chip } from '../components/chip.tsx';
import { countText, moneyText } from '../components/money.ts';
import { Moment } from '../components/moment.tsx';
import { elapsedText } from '../components/words.ts';
import { outcomeLook } from './looks.ts';

export function AttemptList({ lines }: { readonly lines: readonly CostLine[] }) {
  return (
    <ol aria-label="Attempts" className="space-y-2">
      {lines.map((line) => (
        <li key={line.id} className="rounded-lg border p-3 text-sm">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Chip look={outcomeLook(line.outcome)} />
            <span className="font-medium [overflow-wrap:anywhere]">
              {line.provider} {line.model}
            </span>
            <span className="numeric ml-auto font-medium">
              {line.isEstimated && <span className="font-normal text-ink-soft">estimated </span>}
              {moneyText(line.costMicroUsd)}
            </span>
          </div>
          <Details line={line} />
        </li>
      ))}
    </ol>
  );
}

function Details({ line }: { readonly line: CostLine }) {
  const { usage } = line;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Tokens', `${countText(usage.inputTokens)} read, ${countText(usage.outputTokens)} written`],
    ['From its cache', usage.cacheReadTokens === 0 ? null : `${countText(usage.cacheReadTokens)} tokens`],
    ['Into its cache', usage.cacheWriteTokens === 0 ? null : `${countText(usage.cacheWriteTokens)} tokens`],
    ['Price list', line.priceVersion],
    ['Set aside', line.heldMicroUsd === 0 ? null : moneyText(line.heldMicroUsd)],
    ['First word after', line.firstTokenMs === null ? null : `${line.firstTokenMs} ms`],
    ['Took', line.tookMs === null ? null : elapsedText(line.tookMs)],
    ['Verdict', line.verdict],
    ['Leg', line.leg],
    ['Product', line.product],
    ['Run', line.run],
    ['Gateway key', line.key],
    ['What went wrong', line.error],
  ];
  return (
    <dl className="mt-2 grid grid-cols-[110px_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
      <dt className="text-ink-soft">Begun</dt>
      <dd>
        <Moment at={line.at} />
      </dd>
      {facts.flatMap(([name, value]) =>
        value === null || value === ''
          ? []
          : [
              <dt key={name} className="text-ink-soft">
                {name}
              </dt>,
              <dd key={`${name} value`} className="numeric [overflow-wrap:anywhere]">
                {value}
              </dd>,
            ],
      )}
    </dl>
  );
}
