// What people said of a patch after looking at it, and whether its signatures hold.

import { BadgeCheck, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { PatchDetail } from 'atomic/protocol';
import { durationText } from 'kernel/basics';

import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { Moment } from '../components/moment.tsx';
import { reviewLook } from './looks.ts';

/** Enough of a key's name to tell two apart. */
const KEY_LENGTH = 12;

export function TrustCard({ patch }: { readonly patch: PatchDetail }) {
  const { reviews, reviewState, signatures } = patch;
  return (
    <Card title="Reviews and signatures" icon={BadgeCheck} aside={<Chip look={reviewLook(reviewState)} />}>
      {reviews.length === 0 ? (
        <p className="text-sm text-ink-soft">
          Nobody has reviewed it. atomic review says what you think of it, signed.
        </p>
      ) : (
        <ul aria-label="Reviews" className="space-y-2 text-sm">
          {reviews.map(({ reviewer, verdict, ms, linesShown, at }) => (
            <li key={`${reviewer} ${at}`} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Chip look={reviewLook(verdict)} />
              <code className="font-mono text-xs">{reviewer.slice(0, KEY_LENGTH)}</code>
              <span className="text-ink-soft">
                {durationText(ms)}
                {linesShown !== null && `, ${linesShown} lines`}, <Moment at={at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <ul aria-label="Signatures" className="mt-3 space-y-1 border-t pt-3 text-sm">
        {signatures.map(({ key, isValid }) => (
          <li key={key} className={`flex items-center gap-2 ${isValid ? 'text-good' : 'text-bad'}`}>
            {isValid ? <ShieldCheck aria-hidden className="size-4" /> : <ShieldAlert aria-hidden className="size-4" />}
            {isValid ? 'Signed by key' : 'The signature does not fit, of key'}
            <code className="font-mono text-xs">{key.slice(0, KEY_LENGTH)}</code>
          </li>
        ))}
        {signatures.length === 0 && <li className="text-ink-soft">It is not signed.</li>}
      </ul>
    </Card>
  );
}
