// For tests: another process that writes to a store, and may be stopped or stop itself in the middle.
// Arguments: the folder, what to do, a number.

import { countedDisk } from './counted-disk.ts';
import type { Disk } from './disk.ts';
import { openStore } from './open-store.ts';
import { draftOf } from './sample-drafts.ts';
import type { PatchStore } from './store.ts';

const LARGE = 70;

/** Writes patches one by one and says each number when it is durable. */
function writeMany(folder: string, count: number, name: string): void {
  const store = openStore(folder, { processName: 'writing-process' });
  for (let index = 0; index < count; index += 1) {
    const draft = draftOf({ text: `${name} ${index}` });
    const number = store.write({ op: 'record', args: null, actor: name }, (transaction) => {
      const added = transaction.addPatch(draft);
      transaction.addToChannel('main', [added.number]);
      return added.number;
    });
    process.stdout.write(`${number} ${draft.patch.hash}\n`);
  }
  store.close();
}

/** Takes the lock and keeps it until it is ended. */
function hold(folder: string): void {
  const store = openStore(folder, { processName: 'holding' });
  store.write(null, () => {
    process.stdout.write('holding\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
}

/** Dies without a word at its n-th call of the disk. */
function dyingDisk(callsLeft: number): Disk {
  let left = callsLeft;
  return countedDisk(() => {
    left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  });
}

function dieAt(folder: string, calls: number): void {
  const store = openStore(folder, { disk: dyingDisk(calls) });
  writeBatch(store, `batch ${calls}`);
  process.stdout.write('written\n');
  store.pack({ all: true });
  process.stdout.write('packed\n');
  store.close();
}

/** Enough patches for a pack of their own. */
function writeBatch(store: PatchStore, name: string): void {
  store.write({ op: 'import', args: null, actor: name }, (transaction) => {
    const numbers = Array.from({ length: LARGE }, (_, index) =>
      transaction.addPatch(draftOf({ text: `${name} ${index}` })),
    );
    transaction.addToChannel(
      'main',
      numbers.map(({ number }) => number),
    );
  });
}

const [folder = '', what = '', amount = '0'] = process.argv.slice(2);
if (what === 'hold') hold(folder);
else if (what === 'die-at') dieAt(folder, Number(amount));
else writeMany(folder, Number(amount), what);
