// What a screen shows before it can show itself: loading, signed out, failed. The ready face is the screen's own.

import { unreachable } from 'kernel/basics';
import type { ReactNode } from 'react';

import type { Face } from '../requests/face.ts';
import { FaultCard } from './fault-card.tsx';
import { SignedOut } from './signed-out.tsx';
import { Skeleton } from './skeleton.tsx';

interface ScreenFace<T> {
  readonly face: Face<T>;
  readonly children: (value: T) => ReactNode;
  /** What is being loaded, for those who hear the page. */
  readonly loading: string;
  /** The page's name, where its own heading is part of the ready face. */
  readonly heading?: string;
}

export function Screen<T>({ face, children, loading, heading }: ScreenFace<T>) {
  if (face.kind === 'ready') return children(face.value);
  return (
    <>
      {heading !== undefined && <h1 className="sr-only">{heading}</h1>}
      <NotReady face={face} loading={loading} />
    </>
  );
}

interface NotReadyFace {
  readonly face: Exclude<Face<unknown>, { kind: 'ready' }>;
  readonly loading: string;
}

function NotReady({ face, loading }: NotReadyFace) {
  switch (face.kind) {
    case 'loading':
      return <Skeleton label={loading} />;
    case 'signed-out':
      return <SignedOut />;
    case 'failed':
      return <FaultCard fault={face.fault} {...(face.again === undefined ? {} : { again: face.again })} />;
    default:
      return unreachable(face);
  }
}
