// Looks for servers of models on this machine. Rule: only loopback is ever asked, and nothing it answers is believed
// beyond a list of names.

import { z } from 'zod';

import type { Clock } from '../basics/index.ts';
import { isLoopback } from './routing/legs.ts';

/** Where they listen unless told otherwise: Ollama, llama.cpp, LM Studio. */
export const DISCOVERY_PORTS: readonly number[] = [11434, 8080, 1234];
/** A server on this machine answers in a few milliseconds; nobody waits for one that is not there. */
const PROBE_MS = 300;
const NAMES_MAX = 200;
const BYTES_MAX = 1024 * 1024;

const ModelList = z.object({ data: z.array(z.object({ id: z.string().min(1).max(200) })).max(10_000) });

export interface FoundServer {
  readonly baseUrl: string;
  readonly models: readonly string[];
}

export interface DiscoveryPorts {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly ports: readonly number[];
}

/** Those that answer with at least one model, in the order of the ports. */
export async function discoverServers(given: DiscoveryPorts, signal: AbortSignal): Promise<readonly FoundServer[]> {
  const urls = given.ports.map((port) => `http://127.0.0.1:${port}/v1`);
  const found = await Promise.all(urls.filter(isLoopback).map((baseUrl) => probe(given, baseUrl, signal)));
  return found.filter((server) => server !== undefined);
}

async function probe(
  { clock, fetch }: DiscoveryPorts,
  baseUrl: string,
  signal: AbortSignal,
): Promise<FoundServer | undefined> {
  const over = new AbortController();
  void clock.sleep(PROBE_MS, over.signal).then(() => over.abort());
  try {
    const response = await fetch(`${baseUrl}/models`, {
      signal: AbortSignal.any([over.signal, signal]),
      // A redirect could lead off this machine.
      redirect: 'error',
    });
    const text = response.ok ? await limitedText(response) : '';
    const list = ModelList.safeParse(JSON.parse(text));
    const models = list.success ? list.data.data.map(({ id }) => id).slice(0, NAMES_MAX) : [];
    return models.length === 0 ? undefined : { baseUrl, models };
  } catch {
    // Nothing listens there, or something else does: both mean that there is no such server.
    return undefined;
  } finally {
    over.abort();
  }
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
