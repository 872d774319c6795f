import { expect, test } from 'vitest';

import { lookIntoBounded } from './in-worker.ts';
import type { Refusal } from './look-into.ts';

const refusal: Refusal = { name: 'dep', log: '', project: new Map(), before: null, after: null, unread: [] };

test('a refusal is looked into in a thread of its own', async () => {
  const found = await lookIntoBounded(refusal, new AbortController().signal);
  expect(found).toMatchObject({ kind: 'diagnosed', diagnosis: { cause: { kind: 'not-known' } } });
});

test('what does not end within its limit is not known, and what is stopped gives nothing', async () => {
  expect(await lookIntoBounded(refusal, new AbortController().signal, 0)).toMatchObject({ kind: 'not-known' });
  expect(await lookIntoBounded(refusal, AbortSignal.abort())).toBeNull();
});
