// The settings files of agents in a working copy, with Atomic's hooks put in or taken out.
// Rule: a file is written beside its place and renamed into it; one that is not plain JSON is left alone and said so.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { AGENT_NAMES, type AgentName } from '../hooks/agents.ts';
import { hookSettingsPath, installHooks } from '../hooks/install-hooks.ts';
import { hasHooks, uninstallHooks } from '../hooks/uninstall-hooks.ts';

export interface HookSettingsOutcome {
  readonly kind: 'written' | 'unchanged' | 'refused';
  readonly path: string | null;
  /** Half a sentence behind the path. */
  readonly said: string;
  /** What a person has to do besides; '' for nothing. */
  readonly note: string;
}

export function installHooksIn(root: string, agent: AgentName): HookSettingsOutcome {
  const place = hookSettingsPath(agent) ?? null;
  const existing = place === null ? null : textOf(join(root, place));
  const installed = installHooks(agent, existing);
  switch (installed.kind) {
    case 'written':
      write(join(root, installed.path), installed.text);
      return { kind: 'written', path: installed.path, said: 'calls Atomic now.', note: installed.note };
    case 'unchanged':
      return { kind: 'unchanged', path: installed.path, said: 'calls Atomic already.', note: installed.note };
    case 'unreadable':
      return { kind: 'refused', path: installed.path, said: `is left as it is: ${installed.why}`, note: '' };
    case 'no-settings':
      return { kind: 'refused', path: null, said: installed.why, note: '' };
  }
}

export function uninstallHooksIn(root: string, agent: AgentName): HookSettingsOutcome {
  const path = hookSettingsPath(agent) ?? null;
  const existing = path === null ? null : textOf(join(root, path));
  if (path === null || existing === null) return { kind: 'unchanged', path, said: 'does not call Atomic.', note: '' };
  const left = uninstallHooks(agent, existing);
  switch (left.kind) {
    case 'written':
      write(join(root, path), left.text);
      return { kind: 'written', path, said: 'no longer calls Atomic.', note: '' };
    case 'empty':
      rmSync(join(root, path));
      return { kind: 'written', path, said: 'is removed: nothing else stood in it.', note: '' };
    case 'unchanged':
      return { kind: 'unchanged', path, said: 'does not call Atomic.', note: '' };
    case 'unreadable':
      return { kind: 'refused', path, said: `is left as it is: ${left.why}`, note: '' };
  }
}

export function listHooks(
  root: string,
): readonly { readonly agent: AgentName; readonly path: string; readonly isInstalled: boolean }[] {
  return AGENT_NAMES.flatMap((agent) => {
    const path = hookSettingsPath(agent);
    if (path === undefined) return [];
    const text = textOf(join(root, path));
    return [{ agent, path, isInstalled: text !== null && hasHooks(agent, text) }];
  });
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}
