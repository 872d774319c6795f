// What an open store is made of; each part knows one thing.

import type { Clock } from 'kernel/basics';

import type { Author } from '../patches/patch.ts';
import type { Ancestry } from './ancestry.ts';
import type { ChannelTable } from './channel-table.ts';
import type { ChannelTries } from './channel-tries.ts';
import type { Database } from './database.ts';
import type { Disk } from './disk.ts';
import type { PatchBytes } from './patch-bytes.ts';
import type { PatchNumbers } from './patch-numbers.ts';
import type { Cache } from './store.ts';

export interface StoreParts {
  readonly folder: string;
  readonly database: Database;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly numbers: PatchNumbers;
  readonly ancestry: Ancestry;
  readonly bytes: PatchBytes;
  readonly channels: ChannelTable;
  readonly tries: ChannelTries;
  readonly cache: Cache;
  /** Authors by the number of their byline, as far as they were read. */
  readonly bylines: Map<number, readonly Author[]>;
}

export const PRISTINE = 'pristine.db';
export const CACHE = 'cache.db';
export const PACKS = 'packs';
