// What needs me: decisions and accidents first, then what runs, then what came of the rest.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity, BellRing, CircleCheckBig, History, Plus } from 'lucide-react';
import type { Need } from 'tandem/protocol';

import { buttonLook } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { moneyText } from '../components/money.ts';
import { PageHeader } from '../components/page-header.tsx';
import { SandboxCard } from '../components/sandbox-card.tsx';
import { Screen } from '../components/screen.tsx';
import { forecastQuery } from '../costs/queries.ts';
import { RunLine } from '../modernizer/run-line.tsx';
import { faceOf, mapFace } from '../requests/face.ts';
import { homeQuery, machineQuery, recentRunsQuery } from '../requests/queries.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { FirstSteps } from './first-steps.tsx';
import { bothFaces, homeViewOf, needsText, type HomeView } from './home-state.ts';
import { NeedLine } from './need-line.tsx';
import { RunningLine } from './running-line.tsx';

export function HomePage() {
  usePageTitle('Home');
  const home = useQuery(homeQuery);
  const runs = useQuery(recentRunsQuery);
  const machine = useQuery(machineQuery);
  const told = { sandbox: machine.data?.sandbox.kind === 'refused' };
  const face = mapFace(bothFaces(faceOf(home), faceOf(runs)), ([needs, page]) => homeViewOf(needs, page.runs, told));
  return (
    <div className="space-y-6">
      {machine.data !== undefined && <SandboxCard sandbox={machine.data.sandbox} />}
      <Screen face={face} loading="Loading what needs you" heading="Home">
        {(view) => (view.kind === 'newcomer' ? <FirstSteps /> : <AtWork view={view} />)}
      </Screen>
    </div>
  );
}

function AtWork({ view }: { readonly view: Extract<HomeView, { kind: 'at-work' }> }) {
  return (
    <>
      <PageHeader
        title="Home"
        lead={<HomeLead needs={view.needs.length} />}
        actions={
          <Link to="/modernizer/new" className={buttonLook({ look: 'primary' })}>
            <Plus aria-hidden /> New run
          </Link>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Needs needs={view.needs} />
        <Card title="Running now" icon={Activity} bare>
          {view.running.length === 0 ? (
            <p className="px-5 py-8 text-center text-ink-soft">Nothing runs at the moment.</p>
          ) : (
            <ul aria-label="Running now" className="divide-y">
              {view.running.map((run) => (
                <li key={run.id}>
                  <RunningLine run={run} />
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
      {view.ended.length > 0 && (
        <Card
          title="Ended lately"
          icon={History}
          bare
          aside={
            <Link to="/modernizer" className="rounded text-sm font-medium text-accent-text hover:underline">
              All runs
            </Link>
          }
        >
          <ul aria-label="Ended lately" className="divide-y">
            {view.ended.map((run) => (
              <li key={run.id}>
                <RunLine run={run} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function Needs({ needs }: { readonly needs: readonly Need[] }) {
  return (
    <Card title="What needs you" icon={BellRing} bare {...(needs.length > 0 ? { tone: 'accent' as const } : {})}>
      {needs.length === 0 ? (
        <p className="flex flex-col items-center gap-2 px-5 py-8 text-center text-ink-soft">
          <CircleCheckBig aria-hidden className="size-6 text-good" />
          All clear. Decisions and results appear here.
        </p>
      ) : (
        <ul aria-label="What needs you" className="divide-y">
          {needs.map((need, index) => (
            <li key={`${index} ${need.title}`}>
              <NeedLine need={need} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What needs the person, and what today has cost so far. */
function HomeLead({ needs }: { readonly needs: number }) {
  const forecast = useQuery(forecastQuery);
  return (
    <>
      {needsText(needs)}
      {forecast.data !== undefined && (
        <>
          {' '}
          <Link to="/costs" className="numeric rounded text-accent-text underline underline-offset-2">
            {moneyText(forecast.data.todayMicroUsd)} spent today
          </Link>
          .
        </>
      )}
    </>
  );
}
