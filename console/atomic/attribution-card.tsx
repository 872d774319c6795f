// Who wrote a patch, and why we believe it.

import { Fingerprint } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PatchDetail } from 'atomic/protocol';
import { durationText } from 'kernel/basics';

import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { actorLook } from './looks.ts';
import { moneyText, numberText, percentText } from './words.ts';

const PROMPT_LEVELS: Readonly<Record<string, string>> = {
  hash: 'only its keyed hash is kept',
  redacted: 'kept without secrets',
  encrypted: 'kept under a key',
  full: 'kept as it was',
};

export function AttributionCard({ patch }: { readonly patch: PatchDetail }) {
  const { who, attribution } = patch;
  const facts = factsOf(patch);
  return (
    <Card title="Who wrote it" icon={Fingerprint} aside={<Chip look={actorLook(who.actor)} />}>
      <p className="text-sm text-ink-soft">{attribution.because}</p>
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
        {facts.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** Only what is known. */
function factsOf({ who, attribution }: Pick<PatchDetail, 'who' | 'attribution'>): readonly Fact[] {
  const { accountable, agent, prompt, tokens, costMicroUsd } = attribution;
  const facts: (Fact | null)[] = [
    { name: 'Accountable', value: personText(accountable) },
    who.model === null
      ? null
      : { name: 'Model', value: [who.model, attribution.modelVersion].filter(Boolean).join(' ') },
    agent === null ? null : { name: 'Agent', value: [agent.tool, agent.version].filter(Boolean).join(' ') },
    agent?.session === null || agent === null ? null : { name: 'Session', value: <Code text={agent.session} /> },
    who.suggestion === null ? null : { name: 'Its part', value: who.suggestion },
    who.confidence === null ? null : { name: 'Confidence', value: percentText(who.confidence) },
    attribution.acceptance === null ? null : { name: 'Taken', value: percentText(attribution.acceptance) },
    attribution.parts === 0 ? null : { name: 'Parts', value: `${attribution.parts} by other hands than the rest` },
    prompt === null ? null : { name: 'Prompt', value: PROMPT_LEVELS[prompt.level] ?? prompt.level },
    tokens === null ? null : { name: 'Tokens', value: numberText(tokens) },
    costMicroUsd === null ? null : { name: 'Cost', value: moneyText(costMicroUsd) },
    attribution.reviewMs === null ? null : { name: 'Looked at for', value: durationText(attribution.reviewMs) },
    { name: 'Evidence', value: who.evidence },
  ];
  return facts.filter((fact) => fact !== null);
}

const personText = ({ name, email }: { readonly name: string; readonly email: string }): string =>
  email === '' ? name : `${name} <${email}>`;

function Code({ text }: { readonly text: string }) {
  return <code className="font-mono text-xs">{text}</code>;
}
