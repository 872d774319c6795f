// LangGraph's checkpoint saver on our store, as its official conformance suite wants it.
// Rule: of a checkpoint's channels only those with a new version are stored; reading puts them together again.
// Not here: opening the database or taking turns (sqlite-store.ts). The file is loaded late, so it imports no door.

import {
  BaseCheckpointSaver,
  copyCheckpoint,
  getCheckpointId,
  maxChannelVersion,
  TASKS,
  WRITES_IDX_MAP,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { Kysely } from 'kysely';

import type { CheckpointTables } from './sqlite-checkpoint-tables.ts';
import type { Store } from './store.ts';

type RunnableConfig = CheckpointTuple['config'];
type Row = CheckpointTables['checkpoints'];
interface Key {
  readonly thread: string;
  readonly ns: string;
}

export const createSqliteCheckpoints = (store: Store): BaseCheckpointSaver => new SqliteCheckpoints(store);

class SqliteCheckpoints extends BaseCheckpointSaver {
  readonly #store: Store;
  constructor(store: Store) {
    super();
    this.#store = store;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const key = keyOf(config);
    if (key === undefined) return undefined;
    const id = getCheckpointId(config);
    let query = this.#read().selectFrom('checkpoints').selectAll().where('thread', '=', key.thread);
    query = query.where('ns', '=', key.ns).orderBy('id', 'desc').limit(1);
    const row = await (id === '' ? query : query.where('id', '=', id)).executeTakeFirst();
    return row === undefined ? undefined : this.#tupleOf(row);
  }

  override async *list(
    config: RunnableConfig,
    { limit, before, filter }: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const asked = config.configurable ?? {};
    let query = this.#read().selectFrom('checkpoints').selectAll().orderBy('id', 'desc');
    if (asked['thread_id'] !== undefined) query = query.where('thread', '=', String(asked['thread_id']));
    if (typeof asked['checkpoint_ns'] === 'string') query = query.where('ns', '=', asked['checkpoint_ns']);
    if (asked['checkpoint_id'] !== undefined) query = query.where('id', '=', String(asked['checkpoint_id']));
    const beforeId = before?.configurable?.['checkpoint_id'];
    if (beforeId !== undefined) query = query.where('id', '<', String(beforeId));
    let given = 0;
    for (const row of await query.execute()) {
      if (limit !== undefined && given >= limit) return;
      const tuple = await this.#tupleOf(row);
      if (!matches(tuple.metadata, filter)) continue;
      given += 1;
      yield tuple;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { thread, ns } = requiredKey(config);
    const { channel_values: values, ...rest } = copyCheckpoint(checkpoint);
    const [type, bytes] = await this.serde.dumpsTyped(rest);
    const [metadataType, metadataBytes] = await this.serde.dumpsTyped(metadata);
    const parent = textOrNull(config.configurable?.['checkpoint_id']);
    const row = { thread, ns, id: checkpoint.id, parent, type, checkpoint: bytes };
    const blobs = await this.#blobsOf({ thread, ns }, values, newVersions);
    await this.#store.write(async (tx: Kysely<CheckpointTables>) => {
      for (const blob of blobs) await tx.replaceInto('checkpoint_blobs').values(blob).execute();
      await tx
        .replaceInto('checkpoints')
        .values({ ...row, metadata_type: metadataType, metadata: metadataBytes })
        .execute();
    });
    return { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], task: string): Promise<void> {
    const { thread, ns } = requiredKey(config);
    const id = textOrNull(config.configurable?.['checkpoint_id']);
    if (id === null) throw new TypeError('Pending writes belong to a checkpoint: checkpoint_id is missing.');
    const rows = await Promise.all(
      writes.map(async ([channel, written], index) => {
        const [type, value] = await this.serde.dumpsTyped(written);
        return { thread, ns, id, task, place: WRITES_IDX_MAP[channel] ?? index, channel, type, value };
      }),
    );
    await this.#store.write(async (tx: Kysely<CheckpointTables>) => {
      for (const row of rows) {
        // Special writes (negative places, such as an error) are corrected; ordinary ones keep their first value.
        const into =
          row.place < 0 ? tx.replaceInto('checkpoint_writes') : tx.insertInto('checkpoint_writes').orIgnore();
        await into.values(row).execute();
      }
    });
  }

  override async deleteThread(thread: string): Promise<void> {
    await this.#store.write(async (tx: Kysely<CheckpointTables>) => {
      await tx.deleteFrom('checkpoints').where('thread', '=', thread).execute();
      await tx.deleteFrom('checkpoint_blobs').where('thread', '=', thread).execute();
      await tx.deleteFrom('checkpoint_writes').where('thread', '=', thread).execute();
    });
  }

  #read(): Kysely<CheckpointTables> {
    return this.#store.read<CheckpointTables>();
  }

  #blobsOf(
    key: Key,
    values: Readonly<Record<string, unknown>>,
    versions: ChannelVersions,
  ): Promise<CheckpointTables['checkpoint_blobs'][]> {
    return Promise.all(
      Object.entries(versions).map(async ([channel, version]) => {
        const blob = { ...key, channel, version: String(version) };
        if (!Object.hasOwn(values, channel)) return { ...blob, type: null, value: null };
        const [type, value] = await this.serde.dumpsTyped(values[channel]);
        return { ...blob, type, value };
      }),
    );
  }

  async #tupleOf(row: Row): Promise<CheckpointTuple> {
    const stored: Checkpoint = await this.serde.loadsTyped(row.type, row.checkpoint);
    const checkpoint = { ...stored, channel_values: await this.#valuesOf(row, stored.channel_versions) };
    if (checkpoint.v < 4 && row.parent !== null) await this.#addPendingSends(checkpoint, row, row.parent);
    const place = { thread_id: row.thread, checkpoint_ns: row.ns };
    return {
      config: { configurable: { ...place, checkpoint_id: row.id } },
      checkpoint,
      metadata: await this.serde.loadsTyped(row.metadata_type, row.metadata),
      ...(row.parent === null ? {} : { parentConfig: { configurable: { ...place, checkpoint_id: row.parent } } }),
      pendingWrites: await this.#pendingWrites(row),
    };
  }

  async #valuesOf(row: Row, versions: ChannelVersions): Promise<Record<string, unknown>> {
    const blobs = await this.#read()
      .selectFrom('checkpoint_blobs')
      .selectAll()
      .where('thread', '=', row.thread)
      .where('ns', '=', row.ns)
      .where('channel', 'in', Object.keys(versions))
      .execute();
    const values: Record<string, unknown> = {};
    for (const { channel, version, type, value } of blobs) {
      if (type === null || value === null || version !== String(versions[channel])) continue;
      values[channel] = await this.serde.loadsTyped(type, value);
    }
    return values;
  }

  async #pendingWrites(row: Row): Promise<[string, string, unknown][]> {
    const writes = await this.#writesOf(row, row.id).execute();
    return Promise.all(
      writes.map(async ({ task, channel, type, value }): Promise<[string, string, unknown]> => [
        task,
        channel,
        await this.serde.loadsTyped(type, value),
      ]),
    );
  }

  /** Before format 4, messages to tasks lay beside the parent checkpoint. */
  async #addPendingSends(checkpoint: Checkpoint, row: Row, parent: string): Promise<void> {
    const sends = await this.#writesOf(row, parent).where('channel', '=', TASKS).execute();
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_values[TASKS] = await Promise.all(
      sends.map(({ type, value }) => this.serde.loadsTyped(type, value)),
    );
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
  }

  #writesOf(key: Key, id: string) {
    return this.#read()
      .selectFrom('checkpoint_writes')
      .select(['task', 'channel', 'type', 'value'])
      .where('thread', '=', key.thread)
      .where('ns', '=', key.ns)
      .where('id', '=', id)
      .orderBy('task')
      .orderBy('place');
  }
}

function keyOf(config: RunnableConfig): Key | undefined {
  const { thread_id: thread, checkpoint_ns: ns = '' } = config.configurable ?? {};
  return thread === undefined || thread === null ? undefined : { thread: String(thread), ns: String(ns) };
}

function requiredKey(config: RunnableConfig): Key {
  const key = keyOf(config);
  if (key === undefined) throw new TypeError('A checkpoint belongs to a thread: configurable.thread_id is missing.');
  return key;
}

const textOrNull = (value: unknown): string | null => (value === undefined || value === null ? null : String(value));

/** Whether the metadata has every wanted entry, compared as JSON. */
function matches(metadata: unknown, wanted: Readonly<Record<string, unknown>> | undefined): boolean {
  if (wanted === undefined) return true;
  const entries = new Map<string, unknown>(Object.entries(metadata ?? {}));
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(entries.get(name)) === JSON.stringify(value));
}
