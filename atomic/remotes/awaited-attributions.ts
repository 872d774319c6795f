// Patches that came without the attribution they were recorded with. It is asked for at the next exchange that takes it.

import { parseHash, type PatchHash } from '../patches/hash.ts';
import type { PatchStore, Transaction } from '../store/store.ts';

const KIND = 'attribution-awaited';

export const awaitedAttributions = (store: PatchStore): readonly PatchHash[] =>
  store.names.notes(KIND).flatMap(({ key }) => parseHash(key) ?? []);

export const awaitAttribution = (transaction: Transaction, patch: PatchHash): void =>
  transaction.putNote(KIND, patch, new Uint8Array());

export const stopAwaiting = (transaction: Transaction, patch: PatchHash): void => transaction.deleteNote(KIND, patch);
