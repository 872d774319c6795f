// What the registry says against versions, and what it does not tell.

import { ExternalLink, ShieldAlert } from 'lucide-react';
import type { Signal, Warning } from 'modernizer/protocol';

import { warningWord, type WarningsFace } from './warnings-state.ts';

export function UpgradeWarnings({ warnings }: { readonly warnings: WarningsFace }) {
  const { left, stays, unknown } = warnings;
  if (left.length + stays.length + unknown.length === 0) return null;
  return (
    <section aria-label="What the registry says" className="space-y-2">
      {left.length > 0 && <WarningList title="Against the installed version; gone with the upgrade" warnings={left} />}
      {stays.length > 0 && <WarningList title="Against the version it goes to" warnings={stays} />}
      {unknown.map((signal) => (
        <UnknownSignal key={signal.name} signal={signal} />
      ))}
    </section>
  );
}

function UnknownSignal({ signal }: { readonly signal: Signal }) {
  return (
    <p className="text-sm text-ink-soft">
      <span className="inline-block first-letter:uppercase">{signal.name}</span>:{' '}
      {signal.reason ?? 'Unknown: the registry does not tell.'}
    </p>
  );
}

function WarningList({ title, warnings }: { readonly title: string; readonly warnings: readonly Warning[] }) {
  return (
    <div>
      <h3 className="flex items-center gap-1.5 text-xs text-ink-soft">
        <ShieldAlert aria-hidden className="size-3.5" />
        {title}
      </h3>
      <ul className="mt-1 space-y-0.5 text-sm">
        {warnings.map((warning) => (
          <li
            key={`${warning.name} ${warning.version} ${warning.kind} ${warning.text}`}
            className="[overflow-wrap:anywhere]"
          >
            <code className="font-mono text-xs">
              {warning.name} {warning.version}
            </code>{' '}
            <span className="font-medium text-warn">{warningWord(warning)}</span>: {warning.text}{' '}
            {warning.url !== null && (
              <a
                href={warning.url}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-flex items-center gap-1 rounded text-accent-text underline underline-offset-2"
              >
                Read it <ExternalLink aria-hidden className="size-3" />
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
