// tandem key issue|list|revoke: keys with which other tools speak to the gateway.

import { microdollars } from 'kernel/basics';
import { createSpending } from 'kernel/spending';
import { EXIT, type ExitCode } from 'kernel/terminal';

import { budgetAmountWrong } from '../gateway/faults.ts';
import { createGatewayKeys } from '../gateway/keys.ts';
import { holderOptions } from '../open-models.ts';
import { createPeople } from '../people/people.ts';
import type { Shell } from './shell.ts';

export interface IssueKeyOptions {
  readonly name: string;
  readonly budget: string | undefined;
}

/** US dollars as a person writes them, in microdollars. */
export function parseDollars(text: string): number {
  const [, amount] = /^\$?(\d{1,9}(?:\.\d{1,6})?)$/.exec(text.trim()) ?? [];
  const micro = Math.round(Number(amount) * 1_000_000);
  if (amount === undefined || micro <= 0) throw budgetAmountWrong(text);
  return micro;
}

export async function issueKey(shell: Shell, { name, budget }: IssueKeyOptions): Promise<ExitCode> {
  const limit = budget === undefined ? undefined : microdollars(parseDollars(budget));
  return shell.withWorkbench(shell.configuration(), async ({ store, clock, secret }) => {
    const people = createPeople({ store, secret, isHttps: false });
    await people.ensureOwner();
    const { id, key } = await createGatewayKeys(store, clock).issue(await people.ownerId(), name);
    if (limit !== undefined) {
      const spending = createSpending({ store, clock, ...holderOptions() });
      await spending.setBudget({ scope: 'key', subject: id, period: 'total', limitMicroUsd: limit, note: name });
      await spending.close();
    }
    shell.terminal.document({ key, id, name, budgetMicroUsd: limit ?? null }, { givesSecret: true });
    shell.terminal.say(key, { givesSecret: true });
    shell.terminal.note(
      `A gateway key for ${name}${limit === undefined ? '' : `, which may spend ${(limit / 1_000_000).toFixed(2)} US dollars`}. ` +
        `Give it to a tool as its API key, with the address of this server and /v1. Take it back with: tandem key revoke ${id}`,
    );
    return EXIT.done;
  });
}

export async function listKeys(shell: Shell): Promise<ExitCode> {
  return shell.withWorkbench(shell.configuration(), async ({ store, clock }) => {
    const keys = await createGatewayKeys(store, clock).list();
    shell.terminal.document({ keys });
    if (keys.length === 0) shell.terminal.say('No gateway key was made yet.');
    else {
      const rows = keys.map(({ id, name, createdAt, revokedAt }) => [
        id,
        name,
        createdAt,
        revokedAt === null ? 'good' : 'taken back',
      ]);
      shell.terminal.table([['id', 'name', 'made', 'state'], ...rows]);
    }
    return EXIT.done;
  });
}

export async function revokeKey(shell: Shell, prefix: string): Promise<ExitCode> {
  return shell.withWorkbench(shell.configuration(), async ({ store, clock }) => {
    const id = await createGatewayKeys(store, clock).revoke(prefix);
    shell.terminal.document({ revoked: id });
    shell.terminal.say(`The key ${id} was taken back.`);
    return EXIT.done;
  });
}
