// The one thing that needs real processes: what a kill -9 leaves behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { systemClock } from '../basics/index.ts';
import { createJournal, JOURNAL_MIGRATIONS } from '../journal/index.ts';
import { DATABASES, temporaryStore } from '../store/temporary-databases.ts';
import { createWork } from './create-work.ts';
import { WORK_MIGRATIONS } from './tables.ts';

const CHILD = join(import.meta.dirname, 'fixtures', 'working-child.ts');

for (const kind of DATABASES) {
  test(`on ${kind.name}, the run of a killed process can be claimed at once, with a higher epoch`, async () => {
    const { store, database } = await temporaryStore(kind, [JOURNAL_MIGRATIONS, WORK_MIGRATIONS]);
    const journal = createJournal(store, systemClock);
    const work = createWork(store, systemClock);
    const { run } = await journal.start({ product: 'p', title: 't', source: 's', owner: 'o', input: null });
    const child = spawn(process.execPath, [CHILD, database.url, database.schema, run.id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(await work.claim(run.id, 'we')).toMatchObject({ kind: 'held', holder: expect.stringContaining('a child') });
    expect(await work.markInterrupted()).toEqual([]);

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await work.markInterrupted()).toEqual([run.id]);
    const claim = await work.claim(run.id, 'we');
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    expect(claim.lease.epoch).toBeGreaterThan(1);
    expect((await journal.append(run.id, 1, 'stepped', {})).kind).toBe('fenced-off');
    const { lastSeq } = (await journal.get(run.id)) ?? run;
    expect((await journal.read(run.id, 0, 1000)).map((event) => event.seq)).toEqual(
      Array.from({ length: Math.min(lastSeq, 1000) }, (_, index) => index + 1),
    );
    await claim.lease.release();
    await database.remove();
  });
}
