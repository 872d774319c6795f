// What changed in a refused package, beside the lines of the project that use it, and what is not known of it.

import { Braces, CircleHelp, ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import { changeWords, proofWords, type ApiChange, type CallSite, type Diagnosis } from 'modernizer/protocol';

import { Prose } from '../components/prose.tsx';
import { apiFaceOf, siteText } from './api-state.ts';

export function ApiDifference({ name, diagnosis }: { readonly name: string; readonly diagnosis: Diagnosis }) {
  const { cause, others, unlisted, compared } = apiFaceOf(diagnosis);
  return (
    <section aria-label={`What changed in ${name}`} className="space-y-4">
      {cause !== null && (
        <div>
          <Change change={cause} />
          <p className="mt-1.5 text-xs text-ink-soft">
            {proofWords(cause.proof)}
            {cause.printed !== null && <> It printed: “{cause.printed}”</>}
          </p>
        </div>
      )}
      {(others.length > 0 || compared !== null) && (
        <Part
          icon={Braces}
          title={
            others.length === 0
              ? 'The two versions compared'
              : cause === null
                ? 'Changed, and used here'
                : 'Changed besides, and used here'
          }
        >
          {compared !== null && <p className="text-sm text-ink-soft">{compared}</p>}
          <ul className="mt-2 space-y-3">
            {others.map((change) => (
              <li key={`${change.symbol} ${change.change}`}>
                <Change change={change} uses={change.uses} />
              </li>
            ))}
          </ul>
          {unlisted > 0 && <p className="mt-2 text-sm text-ink-soft">And {unlisted} more.</p>}
        </Part>
      )}
      <Sentences title="The package as a whole" sentences={diagnosis.package} />
      {diagnosis.logged.length > 0 && (
        <Part title="Where its log points to">
          <Sites sites={diagnosis.logged} />
        </Part>
      )}
      {diagnosis.changelog !== null && (
        <Part icon={ScrollText} title={`From its ${diagnosis.changelog.file}`}>
          <p className="max-h-40 overflow-y-auto whitespace-pre-line text-sm [overflow-wrap:anywhere]" tabIndex={0}>
            {diagnosis.changelog.text}
          </p>
        </Part>
      )}
      <Sentences icon={CircleHelp} title="Not known" sentences={diagnosis.unknown} />
    </section>
  );
}

interface PartFace {
  readonly title: string;
  readonly icon?: typeof Braces;
  readonly children: ReactNode;
}

function Part({ title, icon: Icon, children }: PartFace) {
  return (
    <div>
      <h3 className="mb-1 flex items-center gap-1.5 text-xs text-ink-soft">
        {Icon !== undefined && <Icon aria-hidden className="size-3.5" />}
        {title}
      </h3>
      {children}
    </div>
  );
}

function Sentences({ sentences, ...part }: Omit<PartFace, 'children'> & { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <Part {...part}>
      <ul className="space-y-0.5 text-sm">
        {sentences.map((sentence) => (
          <li key={sentence} className="[overflow-wrap:anywhere]">
            <Prose text={sentence} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

interface ChangeFace {
  readonly change: Omit<ApiChange, 'uses'>;
  readonly uses?: number;
}

/** The symbol, its signatures as a difference of two lines, and every line that uses it. */
function Change({ change, uses }: ChangeFace) {
  const { symbol, before, after, sites } = change;
  const hidden = (uses ?? sites.length) - sites.length;
  return (
    <div>
      <p className="text-sm [overflow-wrap:anywhere]">
        <code className="font-mono font-semibold">{symbol}</code> {changeWords(change)}
      </p>
      <div className="mt-1.5 overflow-hidden rounded-lg border bg-surface">
        {before !== null && <Signature sign="−" word="before" text={before} look="bg-bad-soft text-bad" />}
        {after !== null && <Signature sign="+" word="after" text={after} look="bg-good-soft text-good" />}
        {sites.length > 0 && <Sites sites={sites} />}
        {hidden > 0 && <p className="px-3 py-1 text-xs text-ink-soft">and {hidden} places more</p>}
      </div>
    </div>
  );
}

interface SignatureFace {
  readonly sign: string;
  readonly word: string;
  readonly text: string;
  readonly look: string;
}

function Signature({ sign, word, text, look }: SignatureFace) {
  return (
    <p className={`flex gap-2 px-3 py-1 font-mono text-xs leading-5 ${look}`}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{word}: </span>
      <span className="min-w-0 [overflow-wrap:anywhere]">{text}</span>
    </p>
  );
}

function Sites({ sites }: { readonly sites: readonly CallSite[] }) {
  return (
    <ul aria-label="Call sites" className="divide-y">
      {sites.map((site) => (
        <li
          key={`${siteText(site)}:${site.column ?? 0}`}
          className="grid gap-x-3 px-3 py-1 font-mono text-xs leading-5 sm:grid-cols-[minmax(90px,max-content)_minmax(0,1fr)]"
        >
          <span className="text-ink-soft [overflow-wrap:anywhere]">{siteText(site)}</span>
          {site.text === null ? (
            <span className="font-sans text-ink-soft">its line could not be read</span>
          ) : (
            <span className="[overflow-wrap:anywhere]">{site.text}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
