import { KeyRound } from 'lucide-react';

import { CopyLine } from './copy-line.tsx';

export function SignedOut() {
  return (
    <div className="mx-auto mt-8 max-w-lg rounded-xl border bg-surface p-6 shadow-card sm:mt-16">
      <KeyRound aria-hidden className="size-6 text-accent-text" />
      <h2 className="mt-4 text-lg font-semibold">You are signed out</h2>
      <p className="mt-1 text-ink-soft">
        Tandem has no password. In a terminal on the machine it runs on, print a sign-in link and open it in this
        browser. It works once, for ten minutes.
      </p>
      <CopyLine className="mt-4" line="npx tandem link" label="Copy the line that prints a sign-in link" />
    </div>
  );
}
