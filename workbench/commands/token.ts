// tandem token issue|list|revoke: scoped, expiring, revocable tokens for programs.

import { Secret } from 'kernel/basics';
import { EXIT, type ExitCode } from 'kernel/terminal';

import { roleUnknown } from '../faults.ts';
import { createTokens, parseTtl } from '../people/tokens.ts';
import { parseRole, ROLES } from '../people/who.ts';
import type { Shell } from './shell.ts';

export interface IssueOptions {
  readonly role: string;
  readonly ttl: string;
  readonly note: string;
}

export async function issueToken(shell: Shell, options: IssueOptions): Promise<ExitCode> {
  const role = parseRole(options.role);
  if (role === undefined) throw roleUnknown(options.role, ROLES);
  const ttlMs = parseTtl(options.ttl);
  return shell.withWorkbench(shell.configuration(), async ({ store, clock, secret }) => {
    const { id, token } = await createTokens(store, clock, secret).issue(role, ttlMs, options.note);
    shell.terminal.document({ token: token.reveal(), id, role, ttlMs }, { givesSecret: true });
    shell.terminal.say(token.reveal(), { givesSecret: true });
    shell.terminal.note(`A token for ${role}, good for ${options.ttl}. Take it back with: tandem token revoke ${id}`);
    return EXIT.done;
  });
}

export async function listTokens(shell: Shell): Promise<ExitCode> {
  return shell.withWorkbench(shell.configuration(), async ({ store, clock }) => {
    const tokens = await createTokens(store, clock, new Secret('')).list();
    shell.terminal.document({ tokens });
    if (tokens.length === 0) shell.terminal.say('No token was issued yet.');
    else {
      const rows = tokens.map((token) => [
        token.id,
        token.role,
        token.revokedAt === null ? token.expiresAt : 'revoked',
        token.note,
      ]);
      shell.terminal.table([['id', 'role', 'until', 'note'], ...rows]);
    }
    return EXIT.done;
  });
}

export async function revokeToken(shell: Shell, prefix: string): Promise<ExitCode> {
  return shell.withWorkbench(shell.configuration(), async ({ store, clock }) => {
    const id = await createTokens(store, clock, new Secret('')).revoke(prefix);
    shell.terminal.document({ revoked: id });
    shell.terminal.say(`Token ${id} opens nothing any more.`);
    return EXIT.done;
  });
}
