// The process of `atomic hook AGENT EVENT`: standard input to the spool, silence, exit code 0.
// Rule: nothing is printed, nothing is thrown, standard input is bounded, and a clock ends what hangs.

import { existsSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

import type { PrivacyLevel } from '../attribution/attribution.ts';
import type { AiSettings } from '../attribution/settings.ts';
import { PAYLOAD_LENGTH_MAX } from '../hooks/read-hook-event.ts';
import { openRows } from './open-rows.ts';
import { runHook, type HookHelp, type HookOutcome } from './run-hook.ts';

export interface HookInput {
  readonly agent: string;
  readonly event: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What stands on standard input; null: more than any hook is given. */
  readonly payload: () => Promise<string | null> | string | null;
  readonly nowMs: number;
}

/** Never throws. */
export async function hookProcess(input: HookInput): Promise<HookOutcome | 'failed'> {
  try {
    const payload = await input.payload();
    if (payload === null) return 'ignored';
    const { agent, event, folder, nowMs } = input;
    return await runHook({ agent, event, payload, folder, nowMs }, helpOf(input));
  } catch {
    // An agent must never be hindered: what happened in here is untracked.
    return 'failed';
  }
}

/** Standard input as a stream. */
export async function payloadOf(stdin: AsyncIterable<Buffer | string>): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    length += bytes.length;
    if (length > PAYLOAD_LENGTH_MAX) return null;
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Standard input of this process, without the streams of Node, which take longer than all of the rest. */
export function payloadOfProcess(): string | null {
  const parts: Buffer[] = [];
  for (let length = 0; length <= PAYLOAD_LENGTH_MAX;) {
    const part = Buffer.allocUnsafe(READ_BYTES);
    const got = readStdin(part);
    if (got === 0) return Buffer.concat(parts).toString('utf8');
    parts.push(part.subarray(0, got));
    length += got;
  }
  return null;
}

/** A pipe that its other end made non-blocking says `try again` instead of waiting. */
function readStdin(part: Buffer): number {
  for (let tries = 0; tries < WAITS_MAX; tries += 1) {
    try {
      return readSync(STDIN, part);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : '';
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw cause;
      Atomics.wait(SLEEPER, 0, 0, WAIT_MS);
    }
  }
  return 0;
}

const SLEEPER = new Int32Array(new SharedArrayBuffer(4));
const WAIT_MS = 1;
/** Five seconds: an agent that begins a hook has its payload ready. */
const WAITS_MAX = 5000;
const STDIN = 0;
const READ_BYTES = 64 * 1024;

function helpOf({ env }: HookInput): HookHelp {
  return {
    rows: openRows,
    async isEnabled(root) {
      return (await settingsOf(root, env))?.enabled ?? true;
    },
    async prompt(root, text) {
      const settings = await settingsOf(root, env);
      const level: PrivacyLevel = settings?.tracksPrompts === true ? settings.privacy : 'hash';
      const { spoolPrompt } = await import('./spool-prompt.ts');
      return spoolPrompt(root, level, text);
    },
  };
}

/** What the settings say of AIs; null where no file says anything, which is told without parsing any. */
async function settingsOf(root: string, env: HookInput['env']): Promise<AiSettings | null> {
  const user = join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || '/', '.config'), 'atomic', 'config.toml');
  const files = [user, join(root, '.atomic', 'config.toml')];
  const isSaid = files.some((file) => existsSync(file) && /\bai\b/.test(readFileSync(file, 'utf8')));
  if (!isSaid) return null;
  const { hookSettings } = await import('./hook-settings.ts');
  return hookSettings(root, env);
}
