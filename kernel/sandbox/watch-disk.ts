// What a job writes to the disk, held within a limit without quotas, which few machines have.
// Rule: the file system's own count is asked often and costs nothing; only when it has shrunk by a good part of the
// limit is the job's own share looked at, by walking what it may write and the deleted files it holds open. So a busy
// neighbour never ends a job, and a job passes its limit by little more than it can write between two looks.
// Not seen: a deleted file that is held by a mapping alone. Home and /tmp live in memory and count there.

import { lstat, opendir, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { mebibytes } from '../basics/index.ts';
import { codeOf } from './files.ts';
import type { Job, Limits } from './sandbox.ts';
import { allProcesses, treeOf } from './watch-memory.ts';

const DISK_BYTES_MAX = mebibytes(10 * 1024);
const DISK_FILES_MAX = 1_000_000;
/** A fast disk takes about half a gibibyte in this time. */
const LOOK_EACH_MS = 250;
/** The file system must have shrunk by this part of a limit before the job's own share is counted. */
const WORTH_COUNTING = 0.25;
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
  const folders = job.cache === undefined ? [job.project] : [job.project, job.cache];
  const startedAt = Date.now();
  let before: DiskUse | null = null;
  let isLooking = false;
  let isOver = false;
  const look = async (): Promise<void> => {
    const free = await freeOn(job.project);
    before ??= free;
    const taken = { bytes: before.bytes - free.bytes, files: before.files - free.files };
    const worthIt =
      taken.bytes > limits.limitBytes * WORTH_COUNTING || taken.files > limits.limitFiles * WORTH_COUNTING;
    if (isOver || !worthIt) return;
    const own = await writtenSince(startedAt, folders, pid);
    if (!isOver && (own.bytes > limits.limitBytes || own.files > limits.limitFiles)) return tooMuch();
    // Counted again only after as much more, whoever wrote it.
    before = free;
  };
  const lookAlone = (): void => {
    if (isLooking) return;
    isLooking = true;
    void look()
      // The folder or the job has gone while it was looked at: there is nothing left to hold.
      .catch(() => undefined)
      .finally(() => (isLooking = false));
  };
  lookAlone();
  const timer = setInterval(lookAlone, LOOK_EACH_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

async function freeOn(folder: string): Promise<DiskUse> {
  const told = await statfs(folder);
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
