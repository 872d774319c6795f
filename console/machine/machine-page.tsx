// What this machine can do: versions, store, registry, sandbox, and whether the server is well.

import { useQuery } from '@tanstack/react-query';
import { Cpu, HeartPulse, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Machine } from 'tandem/protocol';

import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { CopyLine } from '../components/copy-line.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { SandboxCard } from '../components/sandbox-card.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { healthQuery, machineQuery, sessionQuery } from '../requests/queries.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { healthLook, sandboxLook, type Health } from './machine-state.ts';

export function MachinePage() {
  usePageTitle('Machine');
  const machine = useQuery(machineQuery);
  return (
    <>
      <PageHeader
        title="Machine"
        lead="What Tandem found where it runs. The same, and more, is printed by tandem doctor."
      />
      <Screen face={faceOf(machine)} loading="Looking at the machine">
        {(value) => <MachineCards machine={value} />}
      </Screen>
    </>
  );
}

function MachineCards({ machine }: { readonly machine: Machine }) {
  const health = useQuery(healthQuery);
  const session = useQuery(sessionQuery);
  return (
    <div className="space-y-6">
      <SandboxCard sandbox={machine.sandbox} />
      <div className="grid items-start gap-6 md:grid-cols-2">
        <Card title="Versions" icon={Cpu} bare>
          <dl className="divide-y">
            <Fact name="Tandem" value={machine.tandem} />
            <Fact name="Node" value={machine.node} />
            <Fact name="npm" value={machine.npm} />
            <Fact name="Store" value={machine.store} />
            <Fact name="Registry" value={machine.registry} />
            {session.data !== undefined && (
              <Fact name="Signed in as" value={`${session.data.person.name}, ${session.data.role}`} />
            )}
          </dl>
        </Card>
        <div className="space-y-6">
          <Card title="Sandbox" icon={ShieldCheck} aside={<Chip look={sandboxLook(machine.sandbox)} />}>
            {machine.sandbox.kind === 'ready' ? (
              <>
                <p className="font-medium">{machine.sandbox.backEnd}</p>
                <p className="mt-1 text-ink-soft">{machine.sandbox.detail}</p>
              </>
            ) : (
              <p className="text-ink-soft">{machine.sandbox.reason}</p>
            )}
          </Card>
          <Card title="Health" icon={HeartPulse} bare>
            <Screen face={faceOf(health)} loading="Asking the server how it is">
              {(checks) => <HealthList checks={checks} />}
            </Screen>
          </Card>
        </div>
      </div>
      <Card title="Find out more">
        <p className="mb-3 text-ink-soft">Every check with its result and what to do about it:</p>
        <CopyLine line="npx tandem doctor" label="Copy the line that runs the doctor" />
      </Card>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5 sm:px-5">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{value}</dd>
    </div>
  );
}

function HealthList({ checks }: { readonly checks: readonly Health[] }) {
  return (
    <ul aria-label="Health checks" className="divide-y">
      {checks.map((check) => (
        <li key={check.name} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 sm:px-5">
          <span className="min-w-0 flex-1">
            <span className="block">{check.name}</span>
            {check.detail !== '' && (
              <span className="block text-sm text-ink-soft [overflow-wrap:anywhere]">{check.detail}</span>
            )}
          </span>
          <Chip look={healthLook(check)} />
        </li>
      ))}
    </ul>
  );
}
