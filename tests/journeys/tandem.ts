// What journeys do with Tandem again and again: run its command, start its server, ask its API.

import { join } from 'node:path';

import type { ModernizationResult } from 'modernizer/protocol';

import type { Ended, JourneyContext, Running, SpawnSettings } from './journey.ts';

/** A start, with a database to be made and LangGraph to be loaded, on a busy machine. */
const READY_MS_MAX = 60_000;

export const tandemAt = (root: string): string => join(root, 'workbench/bin/tandem');

export const tandem = (
  context: JourneyContext,
  args: readonly string[],
  settings: SpawnSettings & { readonly limitMs?: number } = {},
): Promise<Ended> => context.run([tandemAt(context.root), ...args], settings);

export interface Modernized extends Ended {
  readonly result: ModernizationResult;
}

/** Runs `tandem modernize … --json` to its end. */
export async function modernize(
  context: JourneyContext,
  args: readonly string[],
  settings: SpawnSettings & { readonly limitMs?: number } = {},
): Promise<Modernized> {
  const ended = await tandem(context, ['modernize', ...args, '--json'], settings);
  return { ...ended, result: JSON.parse(ended.stdout) as ModernizationResult };
}

export interface Server {
  readonly running: Running;
  readonly url: string;
  readonly signIn: string;
  readonly token: string;
  /** Asks the API as the owner; the parsed answer. */
  ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }>;
}

/** Starts the server of a checkout and waits for its last line. */
export async function serve(context: JourneyContext, settings: SpawnSettings = {}): Promise<Server> {
  const running = context.spawn([tandemAt(context.root), 'serve', '--port', '0'], settings);
  return readyServer(context, running, settings);
}

async function readyServer(context: JourneyContext, running: Running, settings: SpawnSettings = {}): Promise<Server> {
  const line = await context.waitFor(
    'the server says that it is ready',
    () => /Tandem is ready at (\S+) {2}\(sign in: (\S+)\)/.exec(running.output()),
    READY_MS_MAX,
  );
  const [, url = '', signIn = ''] = line;
  const issued = await tandem(context, ['token', 'issue', '--role', 'owner', '--json'], settings);
  const { token } = JSON.parse(issued.stdout) as { readonly token: string };
  return {
    running,
    url,
    signIn,
    token,
    async ask(path, body) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(
        `${url}${path}`,
        body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
      );
      const text = await response.text();
      return { status: response.status, json: text === '' ? null : JSON.parse(text) };
    },
  };
}

/** Fails with a sentence where something is not as it must be. */
export function must(condition: boolean, sentence: string, seen?: unknown): asserts condition {
  if (!condition) throw new Error(seen === undefined ? sentence : `${sentence} Seen: ${JSON.stringify(seen)}`);
}

export const sameNames = (upgrades: readonly { readonly name: string }[], names: readonly string[]): boolean =>
  upgrades
    .map(({ name }) => name)
    .sort()
    .join() === [...names].sort().join();
