// For somebody who has run nothing yet: one step to begin with, and what will happen.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, Diff, FolderOpen, MessageCircle, ShieldCheck, Sparkles, Undo2 } from 'lucide-react';

import { buttonLook } from '../components/button.tsx';
import { Mark } from '../components/mark.tsx';
import { samplesQuery } from '../requests/queries.ts';

/** Samples offered at once; the others are on the page of a new run. */
const SAMPLES_SHOWN = 3;

const PROMISES = [
  { icon: ShieldCheck, title: 'In a sandbox', text: 'Its code sees nothing of your machine and has no network.' },
  { icon: Sparkles, title: 'Proven', text: 'Kept is only what installs, starts and tests green, again and again.' },
  { icon: Undo2, title: 'Yours to refuse', text: 'One commit per upgrade, on a branch of a copy. Take what you like.' },
] as const;

/** What else can be begun with; each has a first page of its own that says how. */
const ELSEWHERE = [
  {
    to: '/chat',
    icon: MessageCircle,
    title: 'Chat',
    text: 'Talk to a model. No word is lost or doubled, whatever breaks, and each answer says where it came from.',
    link: 'Open Chat',
  },
  {
    to: '/atomic',
    icon: Diff,
    title: 'Atomic',
    text: 'See who, or which model, wrote each byte of your code, and take any of it back.',
    link: 'Open Atomic',
  },
] as const;

export function FirstSteps() {
  const samples = useQuery(samplesQuery);
  return (
    <div className="space-y-6">
      <section className="rounded-2xl border bg-surface p-6 shadow-card sm:p-10">
        <Mark className="size-11" />
        <h1 className="mt-6 max-w-xl text-2xl font-semibold tracking-tight sm:text-[32px] sm:leading-10">
          Upgrade an old project as far as it can go.
        </h1>
        <p className="mt-3 max-w-xl text-lg text-ink-soft">
          Point Tandem at it and watch: it plans, tries each upgrade, keeps what stays green and says why it refused the
          rest.
        </p>
        <div className="mt-6 flex flex-wrap gap-3">
          <Link to="/modernizer/new" className={buttonLook({ look: 'primary' })}>
            <FolderOpen aria-hidden /> Choose a project
          </Link>
        </div>
        <ul className="mt-10 grid gap-6 border-t pt-6 sm:grid-cols-3">
          {PROMISES.map(({ icon: Icon, title, text }) => (
            <li key={title}>
              <Icon aria-hidden className="size-5 text-accent-text" />
              <p className="mt-2 font-medium">{title}</p>
              <p className="text-sm text-ink-soft">{text}</p>
            </li>
          ))}
        </ul>
      </section>
      {samples.data !== undefined && samples.data.samples.length > 0 && (
        <section aria-labelledby="samples">
          <h2 id="samples" className="mb-3 text-lg font-semibold">
            Or see it at work on a sample
          </h2>
          <ul className="grid gap-3 md:grid-cols-3">
            {samples.data.samples.slice(0, SAMPLES_SHOWN).map((sample) => (
              <li key={sample.spec}>
                <Link
                  to="/modernizer/new"
                  search={{ sample: sample.spec }}
                  data-row=""
                  className="group flex h-full flex-col rounded-xl border bg-surface p-4 shadow-card transition-colors hover:border-accent-line"
                >
                  <span className="font-medium">{sample.title}</span>
                  <code className="font-mono text-xs leading-5 text-ink-soft">{sample.spec}</code>
                  <span className="mt-2 flex-1 text-sm text-ink-soft">{sample.expect}</span>
                  <span className="numeric mt-3 flex items-center justify-between text-xs text-ink-soft">
                    about {sample.minutes} min
                    <ArrowRight
                      aria-hidden
                      className="size-4 text-accent-text transition-transform group-hover:translate-x-0.5"
                    />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Elsewhere />
    </div>
  );
}

function Elsewhere() {
  return (
    <section aria-labelledby="elsewhere">
      <h2 id="elsewhere" className="mb-3 text-lg font-semibold">
        Tandem does more
      </h2>
      <ul className="grid gap-3 md:grid-cols-2">
        {ELSEWHERE.map(({ to, icon: Icon, title, text, link }) => (
          <li key={to} className="flex gap-4 rounded-xl border bg-surface p-4 shadow-card">
            <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-accent-text" />
            <div className="min-w-0">
              <h3 className="font-medium">{title}</h3>
              <p className="text-sm text-ink-soft">{text}</p>
              <Link
                to={to}
                data-row=""
                className="mt-2 inline-flex items-center gap-1.5 rounded text-sm font-medium text-accent-text hover:underline"
              >
                {link} <ArrowRight aria-hidden className="size-4" />
              </Link>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
