// Two sides of an exchange, for tests: repositories in folders of their own, edited and recorded as a person would, and
// joined by any transport.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { instant } from 'kernel/basics';

import type { Attribution } from '../attribution/attribution.ts';
import { signPatch, type KeyPair } from '../attribution/signatures.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { hashFromBytes, type PatchHash } from '../patches/hash.ts';
import { listConflicts } from '../repository/conflicts.ts';
import { keepAttribution } from '../repository/keep-attribution.ts';
import { initRepository, openRepository, type Repository } from '../repository/repository.ts';
import { recordChanges } from '../working-copy/record-changes.ts';
import type { Host } from './asked.ts';
import { cloneInto, type Cloned, type CloneOptions } from './clone.ts';
import { localPeer } from './local-peer.ts';
import type { Peer } from './peer.ts';
import { pullFrom, type Exchanged, type ExchangeOptions } from './pull.ts';
import { pushTo, type Pushed } from './push.ts';
import { OPEN_POLICY, type ReceivePolicy } from './receive-policy.ts';

export interface RecordHow {
  readonly attribution?: Attribution;
  readonly key?: KeyPair;
}

const EXCHANGE: ExchangeOptions = {
  channel: 'main',
  path: null,
  withAttribution: true,
  fallsBack: true,
  policy: OPEN_POLICY,
  actor: 'Test',
  remote: 'origin',
};

/** A person by name, so that two sides never record the same patch by chance. */
export class Side {
  readonly root: string;
  readonly name: string;
  repository: Repository;
  #records = 0;

  constructor(name = 'Ada', root = mkdtempSync(join(tmpdir(), 'atomic-side-')), repository = initRepository(root)) {
    this.name = name;
    this.root = root;
    this.repository = repository;
  }

  write(path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  readBytes(path: string): Buffer {
    return readFileSync(join(this.root, path));
  }

  record(how: RecordHow = {}): PatchNumber {
    this.#records += 1;
    const { attribution, key } = how;
    const outcome = recordChanges(this.repository, {
      header: {
        message: `${this.name} ${this.#records}`,
        description: '',
        at: instant(Date.UTC(2026, 0, 1) + this.#records * 1000),
        zoneMinutes: 0,
        authors: [{ name: this.name, email: `${this.name}@example.com` }],
      },
      actor: this.name,
      isChosen: () => true,
      ...(attribution === undefined
        ? {}
        : { attribute: () => keepAttribution(attribution, (size) => new Uint8Array(size).fill(7)) }),
      ...(key === undefined
        ? {}
        : { sign: (hash) => ({ key: key.key.bytes, signature: signPatch(key.secret, hash) }) }),
    });
    if (outcome.kind !== 'recorded') throw new Error(`Nothing was recorded: ${JSON.stringify(outcome)}.`);
    return outcome.number;
  }

  /** Writes a file and records it. */
  edit(path: string, text: string, how: RecordHow = {}): PatchHash {
    this.write(path, text);
    return this.repository.store.patches.hashOf(this.record(how));
  }

  stateRoot(channel = 'main'): string {
    const found = this.repository.store.channels.get(channel);
    return found === undefined ? 'no such channel' : hashFromBytes(found.root);
  }

  /** Every file as the channel has it, and every conflict. */
  meaning(channel = 'main'): object {
    const { store } = this.repository;
    const view = this.repository.view(channel);
    const files = [...view.tree().entries.values()].filter(({ kind }) => kind !== 'directory');
    return {
      files: Object.fromEntries(files.map(({ path, inode }) => [path, view.bytesOf(inode).toString()])),
      conflicts: listConflicts(store, view).map(({ path, line, kind, sides }) => ({
        path,
        line,
        kind,
        sides: sides.map((side) => side.map((patch) => store.patches.hashOf(patch))),
      })),
    };
  }

  /** This side as another one reaches it. */
  peer(host: Partial<Omit<Host, 'repository'>> = {}): Peer {
    return localPeer({
      repository: openRepository(this.root),
      name: this.root,
      access: 'write',
      who: 'Other',
      policy: OPEN_POLICY,
      ...host,
    });
  }

  pull(peer: Peer, options: Partial<ExchangeOptions> = {}): Promise<Exchanged> {
    return closing(peer, () => pullFrom(this.repository, peer, { ...EXCHANGE, ...options }));
  }

  push(peer: Peer, options: Partial<ExchangeOptions> = {}): Promise<Pushed> {
    return closing(peer, () => pushTo(this.repository, peer, { ...EXCHANGE, ...options }));
  }

  /** A clone of this side, by whichever way leads to it. */
  async clone(
    name: string,
    peer: Peer = this.peer(),
    options: Partial<CloneOptions> = {},
    root = join(mkdtempSync(join(tmpdir(), 'atomic-side-')), 'clone'),
  ): Promise<Side & { cloned: Cloned }> {
    const all = { ...EXCHANGE, channel: null, url: this.root, ...options };
    const cloned = await closing(peer, () => cloneInto(root, peer, all));
    return Object.assign(new Side(name, root, cloned.repository), { cloned });
  }

  [Symbol.dispose](): void {
    this.repository.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

async function closing<Result>(peer: Peer, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await peer.close();
  }
}

export const policyWith = (part: Partial<ReceivePolicy>): ReceivePolicy => ({ ...OPEN_POLICY, ...part });
