// Atomic in process: durable one-line records, applying independent patches in any order, credit, taking the oldest out,
// forking, and how each grows with the history. The floor of records is a durable SQLite commit of the same size.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { creditLines, factsOf, initRepository, PatchSet, type PatchNumber, type Repository } from 'atomic/repository';

import {
  audit,
  independentPatches,
  manyLines,
  recordFirstFile,
  recordLine,
} from './atomic-histories/independent-patches.ts';
import { inFolder } from './measuring/programs.ts';
import { quantile, report, rounds, timed } from './measuring/report.ts';

const LINES = 10_000;
const RECORDS = rounds(1000);
const PATCHES = RECORDS * 10;
const FORKED = PATCHES * 10;

function bareCommits(folder: string, count: number): () => Promise<void> {
  const db = new DatabaseSync(join(folder, 'bare.db'));
  db.exec('pragma journal_mode = wal; pragma synchronous = full; create table rows (n integer primary key, body blob)');
  const insert = db.prepare('insert into rows (body) values (?)');
  return async () => {
    for (let at = 0; at < count; at += 1) {
      db.exec('begin immediate');
      insert.run(Buffer.alloc(400));
      db.exec('commit');
    }
    db.close();
  };
}

const open = (folder: string, name: string): Repository => {
  mkdirSync(join(folder, name));
  return initRepository(join(folder, name));
};

async function records(
  folder: string,
  count: number,
): Promise<{ readonly ms: number; readonly repository: Repository }> {
  const repository = open(folder, `records-${count}`);
  const lines = manyLines(LINES);
  recordFirstFile(repository, lines);
  const ms = await timed(async () => {
    for (let round = 0; round < count; round += 1) recordLine(repository, lines, round);
  });
  return { ms, repository };
}

function shuffled(numbers: readonly PatchNumber[]): readonly PatchNumber[] {
  return [...numbers]
    .map((number) => [(number * 48_271) % 65_537, number] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, number]) => number);
}

interface Independent {
  readonly applyMs: number;
  readonly creditColdMs: number;
  readonly creditWarmMs: number;
  readonly unrecordMs: number;
  readonly isSameRoot: boolean;
}

async function independent(folder: string, count: number): Promise<Independent> {
  const repository = open(folder, `independent-${count}`);
  const lines = manyLines(LINES);
  recordFirstFile(repository, lines);
  const numbers = independentPatches(repository, lines, count);
  const { store } = repository;
  store.write(audit('fork'), (transaction) => transaction.forkChannel('main', 'sorted'));
  const file = (view = repository.view()): number => view.tree().entries.get('file.txt')?.inode ?? 0;
  const size = repository.view().text(file()).size;
  const applyMs = await timed(async () => {
    store.write(audit('apply'), (transaction) => transaction.addToChannel('main', shuffled(numbers)));
    if (repository.view().text(file()).printed().bytes.length === size) throw new Error('Nothing was applied.');
  });
  store.write(audit('apply'), (transaction) => transaction.addToChannel('sorted', numbers));
  const rootOf = (name: string): string => Buffer.from(store.channels.get(name)?.root ?? []).toString('hex');
  const isSameRoot = rootOf('main') === rootOf('sorted');
  const fresh = repository.viewOf(repository.view().set);
  const credit = (view: typeof fresh) => async (): Promise<void> => void creditLines(view, file(view));
  const creditColdMs = await timed(credit(fresh));
  const creditWarmMs = await timed(credit(fresh));
  const times: number[] = [];
  for (const oldest of numbers.slice(0, 20)) {
    const view = repository.view();
    view.text(file(view)).printed();
    times.push(
      await timed(async () => {
        store.write(audit('unrecord'), (transaction) => transaction.removeFromChannel('main', [oldest]));
        view.remove(oldest, factsOf(store, oldest));
        view.text(file(view)).printed();
      }),
    );
  }
  repository.close();
  return { applyMs, creditColdMs, creditWarmMs, unrecordMs: quantile(times), isSameRoot };
}

async function forks(folder: string): Promise<number> {
  const repository = open(folder, 'forks');
  const lines = manyLines(100);
  recordFirstFile(repository, lines);
  const numbers = independentPatches(repository, lines, FORKED);
  repository.store.write(audit('apply'), (transaction) => transaction.addToChannel('main', PatchSet.of(numbers)));
  const times: number[] = [];
  for (let at = 0; at < 15; at += 1) {
    times.push(
      await timed(async () => {
        repository.store.write(audit('fork'), (transaction) => transaction.forkChannel('main', `fork-${at}`));
      }),
    );
  }
  repository.close();
  return quantile(times);
}

await inFolder(async (folder) => {
  const bareMs = await timed(bareCommits(folder, RECORDS));
  const half = await records(folder, RECORDS / 2);
  const whole = await records(folder, RECORDS);
  half.repository.close();
  whole.repository.close();
  const few = await independent(folder, PATCHES / 2);
  const many = await independent(folder, PATCHES);
  const forkMs = await forks(folder);
  const floorName = 'a bare durable commit';
  report('atomic-engine', [
    {
      what: `${RECORDS} records of one line`,
      value: (RECORDS / whole.ms) * 1000,
      floor: (RECORDS / bareMs) * 1000,
      floorName,
      unit: 'records/s',
    },
    { what: `apply ${PATCHES} independent patches`, value: many.applyMs, unit: 'ms' },
    { what: 'same root as in sorted order', value: many.isSameRoot ? 1 : 0, unit: '' },
    { what: `credit of ${LINES} lines after ${PATCHES} patches, cold`, value: many.creditColdMs, unit: 'ms' },
    { what: 'the same, warm', value: many.creditWarmMs, unit: 'ms' },
    {
      what: `unrecord the oldest of ${PATCHES}`,
      value: many.unrecordMs,
      floor: bareMs / RECORDS,
      floorName,
      unit: 'ms',
    },
    { what: `fork a channel of ${FORKED} patches`, value: forkMs, floor: bareMs / RECORDS, floorName, unit: 'ms' },
    { what: 'record: t(2n)/t(n)', value: whole.ms / half.ms, unit: '' },
    { what: 'apply: t(2n)/t(n)', value: many.applyMs / few.applyMs, unit: '' },
    { what: 'credit: t(2n)/t(n)', value: many.creditColdMs / few.creditColdMs, unit: '' },
    { what: 'unrecord: t(2n)/t(n)', value: many.unrecordMs / few.unrecordMs, unit: '' },
  ]);
});
