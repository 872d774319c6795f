// Who talks in an embedded chat: a visitor, known by a token that the frame keeps for itself.

import * as z from 'zod/mini';

import { fromIso, type Clock } from 'kernel/basics';

import { Visitor } from '../protocol/index.ts';
import type { Keeping, ModulesApi } from '../requests/index.ts';

/** So long before its end a token is renewed: a conversation is not interrupted in its middle. */
const RENEWED_BEFORE_MS = 10 * 60_000;

export interface VisitorPorts {
  readonly embedId: string;
  readonly keeping: Keeping;
  readonly modules: Pick<ModulesApi, 'visitor'>;
  readonly clock: Clock;
}

/** The visitor of before, renewed where their time is nearly over; a new one where there was none. */
export async function visitorOf({ embedId, keeping, modules, clock }: VisitorPorts): Promise<Visitor> {
  const place = placeOf(embedId);
  const before = readVisitor(keeping.get(place));
  const isFresh = before !== null && fromIso(before.expiresAt) - RENEWED_BEFORE_MS > clock.now();
  if (isFresh) return before;
  const visitor = await modules.visitor(embedId, before?.token);
  keeping.set(place, JSON.stringify(visitor));
  return visitor;
}

const placeOf = (embedId: string): string => `tandem:visitor:${embedId}`;

export const forgetVisitor = ({ embedId, keeping }: Pick<VisitorPorts, 'embedId' | 'keeping'>): void =>
  keeping.delete(placeOf(embedId));

const Kept = z.pipe(
  z.string(),
  z.transform((text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      // Not JSON is nobody.
      return null;
    }
  }),
);

function readVisitor(text: string | null): Visitor | null {
  const parsed = Visitor.safeParse(Kept.safeParse(text).data);
  return parsed.success ? parsed.data : null;
}
