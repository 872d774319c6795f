// Atomic's HTTP remote at /atomic/v1/<repository>/…: registered repositories, by name or id, for scoped tokens.
// Rule: a cookie opens nothing here, so that no page can push with the rights of whoever looks at it. Owners write,
// members read; for everybody else no repository exists.

import { Fault } from 'kernel/basics';
import type { Granted } from 'atomic/remotes';

import type { CallerRole, Who } from '../people/who.ts';
import type { ExchangeThread } from './exchange-thread.ts';
import type { Registered } from './registered.ts';

const ACCESS: Readonly<Record<CallerRole, Granted['access']>> = {
  owner: 'write',
  member: 'read',
  interviewer: 'none',
  parent: 'none',
  visitor: 'none',
};

const grantedTo = (who: Who | undefined): Granted =>
  who?.via === 'token' ? { access: ACCESS[who.role], who: who.name } : { access: 'none', who: 'nobody' };

const PLACE = /^\/atomic\/v1\/([^/]{1,200})\//;

export function remoteOf(
  registered: Registered,
  thread: ExchangeThread,
): (request: Request, who: Who | undefined) => Promise<Response> {
  return async (request, who) => {
    const granted = grantedTo(who);
    const [, name = ''] = PLACE.exec(new URL(request.url).pathname) ?? [];
    const root = granted.access === 'none' ? null : await rootOf(registered, name);
    return thread.exchange(request, root, granted);
  };
}

async function rootOf(registered: Registered, name: string): Promise<string | null> {
  try {
    return (await registered.find(name)).path;
  } catch (thrown) {
    // The other side speaks Atomic's own protocol: it is told there in its words.
    if (thrown instanceof Fault && thrown.about.kind === 'not-found') return null;
    throw thrown;
  }
}
