// What the file system throws, as Faults that name the file.

import { Fault } from 'kernel/basics';

import { diskBroken, packDamaged, storeCannotOpen, storeFull, storeReadOnly } from './faults.ts';

export function attemptDisk<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (thrown) {
    throw diskFault(path, thrown);
  }
}

const errorCodeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

function diskFault(path: string, thrown: unknown): unknown {
  if (thrown instanceof Fault) return thrown;
  switch (errorCodeOf(thrown)) {
    case undefined:
      return thrown;
    case 'ENOSPC':
    case 'EDQUOT':
      return storeFull(path, thrown);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return storeReadOnly(path, thrown);
    case 'ENOENT':
      return packDamaged(path, 'The file is not there.', thrown);
    case 'EMFILE':
    case 'ENFILE':
      return storeCannotOpen(path, thrown);
    default:
      return diskBroken(path, thrown);
  }
}
