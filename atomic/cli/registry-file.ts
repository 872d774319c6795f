// The registry of models with what `.atomic/providers.toml` adds.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'smol-toml';

import { providersFileWrong } from '../attribution/faults.ts';
import { BUILT_IN_REGISTRY, withProviders, type Registry } from '../attribution/registry.ts';
import { REPOSITORY_FOLDER } from '../repository/repository.ts';

const FILE = 'providers.toml';
const BYTES_MAX = 1 << 20;

/** Throws ATOMIC_PROVIDERS_FILE_WRONG. */
export function registryOf(root: string): Registry {
  const text = textOf(join(root, REPOSITORY_FOLDER, FILE));
  return text === null ? BUILT_IN_REGISTRY : withProviders(BUILT_IN_REGISTRY, parsed(text));
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').slice(0, BYTES_MAX);
  } catch {
    // Most repositories have none.
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw providersFileWrong([(cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '']);
  }
}
