// Who is asking, and with what right.

import type { Session } from '../protocol/index.ts';

export type Role = Session['role'];
export const ROLES: readonly Role[] = ['owner', 'member', 'interviewer', 'parent'];

/** A visitor of an embedded chat is nobody's member: they have their own conversations and nothing else. */
export type CallerRole = Role | 'visitor';

export interface Who {
  /** The person's id, or `token:` and the token's. */
  readonly id: string;
  readonly name: string;
  readonly role: CallerRole;
  /** A cookie is sent by browsers unasked, so mutations by it also need the right origin. */
  readonly via: 'cookie' | 'token';
  /** ISO 8601. */
  readonly expiresAt: string;
}

export const parseRole = (text: string): Role | undefined => ROLES.find((role) => role === text);
