// Clone: a repository like another one, with its channels, tags and files, that remembers where it comes from.
// Rule: one that was cut off is there, says so, and is gone on with by cloning into the same folder again; what has
// arrived is not fetched twice. The files are written once, at the end.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { EMPTY_TRIE } from '../patches/state-root.ts';
import {
  initRepository,
  openRepository,
  REPOSITORY_FOLDER,
  type Repository,
  type RepositoryOptions,
} from '../repository/repository.ts';
import { PatchSet } from '../store/patch-set.ts';
import { planUpdate, updateFiles } from '../working-copy/update-files.ts';
import { CAPABILITIES, sharedCapabilities, type Capability } from './capabilities.ts';
import { attributionUnsupported, cloneTargetInUse, remoteChannelUnknown, remoteMoved } from './faults.ts';
import { fetchBundle } from './fetch-bundle.ts';
import type { ChannelState } from './message-parts.ts';
import type { MessageOf } from './messages.ts';
import { ask, noTraffic, type Peer, type Traffic } from './peer.ts';
import { pullFrom, type ExchangeOptions } from './pull.ts';
import { endOf, helloOf, welcomeOf } from './reconcile.ts';
import { remember } from './remotes.ts';
import { INCOMING } from './spool.ts';

export interface CloneOptions extends Omit<ExchangeOptions, 'channel'> {
  /** Null: all of them. */
  readonly channel: string | null;
  /** The address as it is remembered. */
  readonly url: string;
  readonly repository?: RepositoryOptions;
}

export interface Cloned {
  readonly repository: Repository;
  readonly channels: readonly string[];
  readonly current: string;
  readonly patches: number;
  readonly files: number;
  readonly tags: number;
  readonly isWithoutAttribution: boolean;
  readonly traffic: Traffic;
}

const UNFINISHED = 'clone-unfinished';

/** The caller closes the repository. Throws ATOMIC_CLONE_TARGET_IN_USE, and what an exchange throws. */
export async function cloneInto(folder: string, peer: Peer, options: CloneOptions): Promise<Cloned> {
  const traffic = noTraffic();
  const root = resolve(folder);
  refuseInUse(root, options.url);
  const welcome = await greet(peer, traffic);
  const channels = wantedChannels(welcome, options.channel);
  const shared = sharedCapabilities(CAPABILITIES, welcome.capabilities);
  const repository = openTarget(root, options);
  try {
    const cloned = await new Cloning(repository, peer, { options, shared, traffic }).run(welcome.current, channels);
    return { ...cloned, repository, channels: channels.map(({ name }) => name), traffic };
  } catch (thrown) {
    const isEmpty = repository.store.patches.count === 0 && !hasIncoming(repository.store.folder);
    repository.close();
    // Nothing to go on with: no trace is left.
    if (isEmpty) rmSync(join(root, REPOSITORY_FOLDER), { recursive: true, force: true });
    throw thrown;
  }
}

/** Whether blocks of a transfer that was cut off lie there. */
function hasIncoming(store: string): boolean {
  const folder = join(store, INCOMING);
  return existsSync(folder) && readdirSync(folder).length > 0;
}

async function greet(peer: Peer, traffic: Traffic): Promise<MessageOf<'welcome'>> {
  const messages = ask(peer, [helloOf({ access: 'read', channel: null, path: null })], traffic);
  const welcome = await welcomeOf(peer, messages);
  await endOf(messages);
  return welcome;
}

/** The current one first: others are made from it. */
function wantedChannels({ channels, current }: MessageOf<'welcome'>, wanted: string | null): readonly ChannelState[] {
  const found = wanted === null ? channels : channels.filter(({ name }) => name === wanted);
  if (found.length === 0) throw remoteChannelUnknown(wanted ?? current);
  return [...found].sort((a, b) => Number(b.name === current) - Number(a.name === current));
}

/** Free, or a clone of the same address that was cut off. */
function refuseInUse(root: string, url: string): void {
  if (!existsSync(root) || readdirSync(root).length === 0) return;
  if (!existsSync(join(root, REPOSITORY_FOLDER, 'pristine.db'))) throw cloneTargetInUse(root);
  const there = openRepository(root, { readOnly: true });
  try {
    if (Buffer.from(there.store.names.note(UNFINISHED, 'url') ?? []).toString() !== url) throw cloneTargetInUse(root);
  } finally {
    there.close();
  }
}

function openTarget(root: string, { url, repository: how }: CloneOptions): Repository {
  if (existsSync(join(root, REPOSITORY_FOLDER, 'pristine.db'))) return openRepository(root, how);
  const repository = initRepository(root, how);
  repository.store.write(null, (transaction) => transaction.putNote(UNFINISHED, 'url', Buffer.from(url)));
  return repository;
}

class Cloning {
  readonly #repository: Repository;
  readonly #peer: Peer;
  readonly #options: CloneOptions;
  readonly #shared: ReadonlySet<Capability>;
  readonly #traffic: Traffic;
  #tags = 0;

  constructor(
    repository: Repository,
    peer: Peer,
    { options, shared, traffic }: { options: CloneOptions; shared: ReadonlySet<Capability>; traffic: Traffic },
  ) {
    this.#repository = repository;
    this.#peer = peer;
    this.#options = options;
    this.#shared = shared;
    this.#traffic = traffic;
  }

  async run(
    current: string,
    channels: readonly ChannelState[],
  ): Promise<Pick<Cloned, 'current' | 'patches' | 'files' | 'tags' | 'isWithoutAttribution'>> {
    const isWithoutAttribution = this.#options.withAttribution && !this.#shared.has('attribution');
    if (isWithoutAttribution && !this.#options.fallsBack) throw attributionUnsupported(this.#peer.url);
    const { store } = this.#repository;
    const [first, ...others] = channels;
    if (first === undefined) throw remoteChannelUnknown(current);
    this.#prepareFirst(first.name);
    await this.#channel(first.name, null);
    for (const { name } of others) await this.#channel(name, first.name);
    const files = this.#writeFiles(first.name);
    this.#finish();
    return { current: first.name, patches: store.patches.count, files, tags: this.#tags, isWithoutAttribution };
  }

  /** The channel that every repository begins with gets the name of theirs. */
  #prepareFirst(name: string): void {
    const { store } = this.#repository;
    const begun = store.channels.current();
    if (begun === name) return;
    const args = { remote: 'origin', channel: name };
    store.write({ op: 'clone', args, actor: this.#options.actor }, (transaction) =>
      transaction.renameChannel(begun, name),
    );
  }

  /** All of a channel where nothing is here yet; otherwise what differs from it, or from the one it varies. */
  async #channel(name: string, startsAs: string | null): Promise<void> {
    if (
      startsAs === null &&
      this.#repository.store.patches.count === 0 &&
      !hasIncoming(this.#repository.store.folder)
    ) {
      return this.#everything(name);
    }
    const pulled = await pullFrom(this.#repository, this.#peer, {
      ...this.#options,
      channel: name,
      op: 'clone',
      bringsFiles: false,
      ...(startsAs === null ? {} : { startsAs }),
    });
    this.#tags += pulled.tags;
    this.#traffic.roundTrips += pulled.traffic.roundTrips;
    this.#traffic.sent += pulled.traffic.sent;
    this.#traffic.received += pulled.traffic.received;
  }

  async #everything(channel: string): Promise<void> {
    const { path, withAttribution, remote, report } = this.#options;
    const fetched = await fetchBundle(
      this.#repository,
      this.#peer,
      {
        ...this.#options,
        channel,
        into: channel,
        theirs: null,
        lacking: 'all',
        extra: [],
        ours: EMPTY_TRIE,
        statements: new Set(),
        attributions: [],
        withAttribution: withAttribution && this.#shared.has('attribution'),
        withTags: this.#shared.has('tags') && path === null,
        prepare: () => 'go-on',
        op: 'clone',
        args: { remote, channel },
        bringsFiles: false,
        report: report ?? (() => undefined),
      },
      this.#traffic,
    );
    if (fetched.kind === 'moved') throw remoteMoved(this.#peer.url);
    this.#tags += fetched.tags;
  }

  #writeFiles(channel: string): number {
    const { store } = this.#repository;
    this.#options.report?.('writing', 0, 1);
    const view = this.#repository.view(channel);
    const update = planUpdate(this.#repository, this.#repository.viewOf(new PatchSet()), view);
    updateFiles(this.#repository, view, update);
    this.#options.report?.('writing', 1, 1);
    return store.files.worktree().length;
  }

  #finish(): void {
    const { url, path } = this.#options;
    this.#repository.store.write(null, (transaction) => {
      remember(transaction, { name: 'origin', url, path });
      transaction.deleteNote(UNFINISHED, 'url');
    });
  }
}
