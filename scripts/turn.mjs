// One process at a time: two that start at once must not install or build into each other.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BUILD } from './places.mjs';
import { Stop } from './stop.mjs';

const LOOK_EACH_MS = 200;
/** Longer than an install on a slow line; then its owner hangs. */
const WAIT_MS_MAX = 10 * 60_000;

/** Runs `work` while holding the turn of that name. A holder that died is passed over. */
export async function inTurn(name, work) {
  mkdirSync(BUILD, { recursive: true });
  const file = join(BUILD, `${name}.turn`);
  await take(file, name);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function take(file, name) {
  for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += LOOK_EACH_MS) {
    if (tookFree(file)) return;
    const holder = Number(textOf(file));
    if (holder > 0 && !isRunning(holder)) passOver(file, holder);
    else {
      if (waitedMs === 0) process.stderr.write(`Another Tandem (process ${holder}) is busy with: ${name}. Waiting …\n`);
      await wait(LOOK_EACH_MS);
    }
  }
  throw new Stop(
    `Waiting for another process to finish its ${name} took too long.`,
    `Process ${textOf(file)} still holds ${file}.`,
    'End that process, then run the command again.',
  );
}

function tookFree(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (thrown.code !== 'EEXIST') throw thrown;
    return false;
  }
}

/** Renaming is atomic: of two that find a dead holder, one moves its file away, the other finds none. */
function passOver(file, holder) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (thrown) {
    if (thrown.code !== 'ENOENT') throw thrown;
    return;
  }
  // Somebody had already taken the turn in between: give it back.
  if (Number(textOf(aside)) !== holder && !existsSync(file)) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown.code !== 'ENOENT') throw thrown;
    return '';
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown.code !== 'ESRCH';
  }
}
