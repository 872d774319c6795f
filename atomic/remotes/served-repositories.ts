// Which repositories a server gives out: one of any name, or those below a folder, by their path in it.
// Rule: a name is a few plain words; what it leads to lies in the folder itself, whatever links there are. Each is opened
// once and kept open.

import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

import { openRepository, REPOSITORY_FOLDER, type Repository } from '../repository/repository.ts';
import type { ServedRepository } from './handle-request.ts';
import type { ReceivePolicy } from './receive-policy.ts';

export interface ServedRepositories {
  of(name: string): ServedRepository | undefined;
  close(): void;
}

export interface ServingOptions {
  readonly readOnly: boolean;
  readonly policyOf: (root: string) => ReceivePolicy;
}

/** Open at once; the one that was asked for longest ago is closed. */
const OPEN_MAX = 64;
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const SEGMENTS_MAX = 8;

export function oneRepository(root: string, options: ServingOptions): ServedRepositories {
  const open = new OpenRepositories(options);
  return { of: () => open.at(root), close: () => open.close() };
}

export function repositoriesBelow(folder: string, options: ServingOptions): ServedRepositories {
  const open = new OpenRepositories(options);
  const top = realpathSync(folder);
  return {
    of(name) {
      const root = folderOf(top, name);
      return root === null ? undefined : open.at(root);
    },
    close: () => open.close(),
  };
}

/** Null for whatever is no repository that lies in the folder. */
function folderOf(top: string, name: string): string | null {
  const segments = name.split('/');
  if (segments.length > SEGMENTS_MAX || !segments.every((segment) => SEGMENT.test(segment))) return null;
  const path = join(top, ...segments);
  if (!existsSync(join(path, REPOSITORY_FOLDER, 'pristine.db'))) return null;
  // Neither the repository nor its store may be a link that leads out.
  const isInside = [path, join(path, REPOSITORY_FOLDER)].every((each) => realpathSync(each).startsWith(`${top}${sep}`));
  return isInside ? path : null;
}

class OpenRepositories {
  readonly #options: ServingOptions;
  readonly #open = new Map<string, Repository>();

  constructor(options: ServingOptions) {
    this.#options = options;
  }

  at(root: string): ServedRepository {
    const { readOnly, policyOf } = this.#options;
    const repository = this.#open.get(root) ?? openRepository(root, { readOnly, processName: 'atomic serve' });
    this.#open.delete(root);
    this.#open.set(root, repository);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_MAX && oldest !== undefined) {
      this.#open.get(oldest)?.close();
      this.#open.delete(oldest);
    }
    return { repository, policy: policyOf(root) };
  }

  close(): void {
    for (const repository of this.#open.values()) repository.close();
    this.#open.clear();
  }
}
