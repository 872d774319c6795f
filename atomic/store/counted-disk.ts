// For tests: the real disk, with something before each call that changes it.

import { realDisk, type Disk } from './disk.ts';

export function countedDisk(before: () => void): Disk {
  const counted = <Args extends readonly unknown[], Result>(call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      before();
      return call(...args);
    };
  };
  return {
    ...realDisk,
    makeFolder: counted(realDisk.makeFolder),
    create: counted(realDisk.create),
    write: counted(realDisk.write),
    sync: counted(realDisk.sync),
    rename: counted(realDisk.rename),
    syncFolder: counted(realDisk.syncFolder),
    remove: counted(realDisk.remove),
  };
}
