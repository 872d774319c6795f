// Two runs of a project beside each other: figures, then every upgrade that came out differently.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeftRight, GitCompareArrows } from 'lucide-react';
import type { ComparedLine, ComparedRun, ComparedUpgrade, Comparison, ProjectSummary } from 'modernizer/protocol';

import { Button, buttonLook } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { Empty } from '../components/empty.tsx';
import { Moment } from '../components/moment.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Prose } from '../components/prose.tsx';
import { Screen } from '../components/screen.tsx';
import { Segmented } from '../components/segmented.tsx';
import { SelectField } from '../components/select-field.tsx';
import { faceOf } from '../requests/face.ts';
import { comparisonQuery, projectsQuery } from '../requests/queries.ts';
import { changed } from '../shell/address-texts.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { comparedRuns, comparisonText, figuresOf, KIND_WORDS, shownLines, siblingsOf } from './compare-state.ts';
import { runLook, verdictLook } from './looks.ts';
import type { CompareSearch } from './run-search.ts';

export function ComparePage() {
  usePageTitle('Compare');
  const search = useSearch({ from: '/modernizer/compare' });
  const navigate = useNavigate({ from: '/modernizer/compare' });
  const face = faceOf(useQuery(projectsQuery));
  const look = (news: CompareSearch): void =>
    void navigate({ search: (now) => changed(now, news), replace: true, resetScroll: false });
  return (
    <>
      <PageHeader
        title="Compare two runs"
        lead="What one kept and the other refused, in which versions, for how much time."
      />
      <Screen face={face} loading="Loading the runs">
        {({ projects }) => {
          const compared = comparedRuns(search, projects);
          return compared === null ? (
            <NothingToCompare />
          ) : (
            <Compared {...compared} projects={projects} all={search.show === 'all'} onLook={look} />
          );
        }}
      </Screen>
    </>
  );
}

function NothingToCompare() {
  return (
    <Empty icon={GitCompareArrows} title="There are no two runs of one project yet">
      <p>Start a project again, next week perhaps, and see what changed.</p>
      <Link to="/modernizer/projects" className={buttonLook({ look: 'primary', className: 'mt-5' })}>
        See the projects
      </Link>
    </Empty>
  );
}

interface ComparedFace {
  readonly a: string;
  readonly b: string;
  readonly projects: readonly ProjectSummary[];
  readonly all: boolean;
  readonly onLook: (news: CompareSearch) => void;
}

function Compared({ a, b, projects, all, onLook }: ComparedFace) {
  const face = faceOf(useQuery(comparisonQuery(a, b)));
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center gap-3">
        <RunChoice label="First run" run={a} runs={siblingsOf(a, projects)} onChoose={(run) => onLook({ a: run, b })} />
        <Button look="quiet" size="icon" aria-label="Swap the two runs" onClick={() => onLook({ a: b, b: a })}>
          <ArrowLeftRight aria-hidden />
        </Button>
        <RunChoice
          label="Second run"
          run={b}
          runs={siblingsOf(b, projects)}
          onChoose={(run) => onLook({ a, b: run })}
        />
      </div>
      <Screen face={face} loading="Comparing the runs">
        {(comparison) => <ComparisonDrawing comparison={comparison} all={all} onLook={onLook} />}
      </Screen>
    </div>
  );
}

interface RunChoiceFace {
  readonly label: string;
  readonly run: string;
  readonly runs: ProjectSummary['history'];
  readonly onChoose: (run: string) => void;
}

function RunChoice({ label, run, runs, onChoose }: RunChoiceFace) {
  const known = runs.some((each) => each.run === run);
  const options = runs.map((each) => ({
    value: each.run,
    label: `${new Date(each.startedAt).toLocaleString()} · ${each.reason ?? runLook(each.status).word}`,
  }));
  return (
    <SelectField
      label={label}
      className="w-full sm:w-auto sm:max-w-[46%] sm:flex-1"
      value={run}
      options={known ? options : [{ value: run, label: run }, ...options]}
      onChange={onChoose}
    />
  );
}

export interface DrawingFace {
  readonly comparison: Comparison;
  readonly all: boolean;
  readonly onLook: (news: CompareSearch) => void;
}

export function ComparisonDrawing({ comparison, all, onLook }: DrawingFace) {
  const lines = shownLines(comparison.upgrades, all);
  return (
    <>
      {!comparison.sameProject && (
        <p role="status" className="rounded-lg bg-warn-soft px-4 py-2.5 text-sm text-warn">
          These are runs of two different projects.
        </p>
      )}
      <Figures comparison={comparison} />
      <Card
        title={comparisonText(comparison)}
        icon={GitCompareArrows}
        bare
        aside={
          <Segmented<'differences' | 'all'>
            label="Show upgrades"
            value={all ? 'all' : 'differences'}
            onChange={(show) => onLook({ show: show === 'all' ? show : '' })}
            segments={[
              { value: 'differences', label: 'Differences' },
              { value: 'all', label: 'All' },
            ]}
          />
        }
      >
        {lines.length === 0 ? (
          <p className="px-5 py-8 text-center text-ink-soft">Nothing differs.</p>
        ) : (
          <ul aria-label="Upgrades" className="divide-y">
            {lines.map((line) => (
              <li key={line.name}>
                <Line line={line} />
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function Figures({ comparison }: { readonly comparison: Comparison }) {
  return (
    <Card title="In figures" bare>
      <table className="w-full table-fixed text-left text-sm">
        <caption className="sr-only">Figures of the two runs</caption>
        <thead className="border-b text-xs text-ink-soft">
          <tr>
            <td className="h-9 w-[34%] px-4 sm:px-5" />
            <RunHeading run={comparison.a} word="First" />
            <RunHeading run={comparison.b} word="Second" />
          </tr>
        </thead>
        <tbody className="divide-y">
          {figuresOf(comparison).map(({ title, a, b, change }) => (
            <tr key={title}>
              <th scope="row" className="px-4 py-2 font-normal text-ink-soft sm:px-5">
                {title}
              </th>
              <td className="numeric px-3 py-2">{a}</td>
              <td className="numeric px-3 py-2">
                {b} {change !== null && <span className="text-xs text-ink-soft">({change})</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function RunHeading({ run, word }: { readonly run: ComparedRun; readonly word: string }) {
  return (
    <th scope="col" className="px-3 py-2 font-medium">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          to="/modernizer/runs/$run"
          params={{ run: run.run }}
          className="rounded text-sm text-accent-text hover:underline"
        >
          {word} run
        </Link>
        <Chip look={runLook(run.status)} />
        {run.startedAt !== null && (
          <span className="font-normal">
            <Moment at={run.startedAt} />
          </span>
        )}
      </span>
    </th>
  );
}

function Line({ line: { name, kind, a, b } }: { readonly line: ComparedLine }) {
  return (
    <div className="grid gap-x-5 gap-y-2 px-4 py-3 sm:px-5 md:grid-cols-[minmax(0,0.8fr)_minmax(0,1fr)_minmax(0,1fr)]">
      <p className="min-w-0">
        <span className="block font-semibold [overflow-wrap:anywhere]">{name}</span>
        <span className="block text-xs text-ink-soft">{KIND_WORDS[kind]}</span>
      </p>
      <Side word="First run" upgrade={a} />
      <Side word="Second run" upgrade={b} />
    </div>
  );
}

function Side({ word, upgrade }: { readonly word: string; readonly upgrade: ComparedUpgrade | null }) {
  if (upgrade === null) {
    return (
      <p className="text-sm text-ink-soft">
        <span className="md:sr-only">{word}: </span>not planned
      </p>
    );
  }
  return (
    <div className="min-w-0 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="md:sr-only">{word}: </span>
        <span className="font-medium">{upgrade.state}</span>
        <Chip look={verdictLook(upgrade.verdict)} />
        <span className="font-mono text-xs text-ink-soft">
          {upgrade.from ?? 'not installed'} to {upgrade.to}
        </span>
      </p>
      {upgrade.cause !== null && (
        <p className="mt-1 line-clamp-3 text-xs text-ink-soft [overflow-wrap:anywhere]" title={upgrade.cause}>
          <Prose text={upgrade.cause} />
        </p>
      )}
    </div>
  );
}
