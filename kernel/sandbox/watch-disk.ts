// What a job writes to the disk, held within a limit without quotas, which few machines have.
// Rule: what counts is the job's own share, found by walking what it may write and the deleted files it holds open, so a
// busy neighbour never ends a job. Walking is dear: it is done when the file system's own count, which is free, has
// shrunk by a part of the limit, and now and then besides, for a neighbour that deletes hides a job that writes.
// Not seen: a deleted file that is held by a mapping alone. Home and /tmp live in memory and count there.

import { statfsSync } from 'node:fs';
import { lstat, opendir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mebibytes } from '../basics/index.ts';
import { codeOf } from './files.ts';
import { changedIn } from './layers.ts';
import type { Job, Limits } from './sandbox.ts';
import { allProcesses, treeOf } from './watch-memory.ts';

const DISK_BYTES_MAX = mebibytes(10 * 1024);
const DISK_FILES_MAX = 1_000_000;
/** A fast disk takes about half a gibibyte in this time. */
const LOOK_EACH_MS = 250;
/** The file system must have shrunk by this part of a limit before the job's own share is counted. */
const WORTH_COUNTING = 0.25;
/** Without a sign of the file system: first after this, and then so seldom that walking takes a twentieth of the time. */
const COUNT_AFTER_MS = 2000;
const COUNT_RARELY = 20;
/** Blocks of `stat`, whatever the file system's own are. */
const STAT_BLOCK_BYTES = 512;

interface DiskUse {
  readonly bytes: number;
  readonly files: number;
}

export const diskLimits = (limits: Limits): { readonly limitBytes: number; readonly limitFiles: number } => ({
  limitBytes: limits.diskBytesMax ?? DISK_BYTES_MAX,
  limitFiles: limits.diskFilesMax ?? DISK_FILES_MAX,
});

/** Looks while the job runs; `pid` is its first process. The returned function ends that. */
export function watchDisk(job: Job, pid: number | undefined, tooMuch: () => void): () => void {
  const limits = diskLimits(job.limits);
  const folders = [job.project, ...(job.cache === undefined ? [] : [job.cache]), ...changedIn(job.layers ?? [])];
  const startedAt = Date.now();
  let before = freeOn(job.project);
  let countAgainAt = startedAt + COUNT_AFTER_MS;
  let isLooking = false;
  let isOver = false;
  const look = async (): Promise<void> => {
    const free = freeOn(job.project);
    const hasShrunk =
      before.bytes - free.bytes > limits.limitBytes * WORTH_COUNTING ||
      before.files - free.files > limits.limitFiles * WORTH_COUNTING;
    const countsAt = Date.now();
    if (!hasShrunk && countsAt < countAgainAt) return;
    before = free;
    const own = await writtenSince(startedAt, folders, pid);
    if (!isOver && (own.bytes > limits.limitBytes || own.files > limits.limitFiles)) tooMuch();
    countAgainAt = Date.now() + Math.max(COUNT_AFTER_MS, (Date.now() - countsAt) * COUNT_RARELY);
  };
  const lookAlone = (): void => {
    if (isLooking) return;
    isLooking = true;
    void look()
      // The folder or the job has gone while it was looked at: there is nothing left to hold.
      .catch(() => undefined)
      .finally(() => (isLooking = false));
  };
  const timer = setInterval(lookAlone, LOOK_EACH_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

/** At once, also where the pool of threads is busy: it reads three numbers in memory. */
function freeOn(folder: string): DiskUse {
  const told = statfsSync(folder);
  return { bytes: told.bfree * told.bsize, files: told.ffree };
}

/** What was changed or made since, in these folders and in deleted files that the tree of `pid` holds open. */
async function writtenSince(startedAt: number, folders: readonly string[], pid: number | undefined): Promise<DiskUse> {
  let bytes = 0;
  let files = 0;
  const pending = [...folders];
  // The list grows while it is walked.
  for (const folder of pending) {
    const entries = await opendir(folder).catch(nothingIfGone);
    for await (const entry of entries ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(path);
      const status = await lstat(path).catch(nothingIfGone);
      // By the change of the inode: a time that the job can set does not hide a file.
      if (status === null || status.ctimeMs < startedAt) continue;
      bytes += (status.blocks * STAT_BLOCK_BYTES) / (entry.isDirectory() ? 1 : status.nlink);
      files += 1;
    }
  }
  return { bytes: bytes + (pid === undefined ? 0 : await deletedButOpen(pid)), files };
}

async function deletedButOpen(root: number): Promise<number> {
  const seen = new Map<string, number>();
  for (const { pid } of treeOf(allProcesses(), root)) {
    const folder = `/proc/${pid}/fd`;
    for (const name of (await readdir(folder).catch(nothingIfGone)) ?? []) {
      const status = await stat(join(folder, name)).catch(nothingIfGone);
      if (status?.isFile() === true && status.nlink === 0)
        seen.set(`${status.dev}:${status.ino}`, status.blocks * STAT_BLOCK_BYTES);
    }
  }
  return [...seen.values()].reduce((sum, size) => sum + size, 0);
}

function nothingIfGone(thrown: unknown): null {
  if (['ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR', 'ELOOP'].includes(codeOf(thrown) ?? '')) return null;
  throw thrown;
}
