export { createWork, type WorkOptions } from './create-work.ts';
export { isProvablyDead, thisProcess, type ProcessIdentity } from './process-identity.ts';
export { WORK_MIGRATIONS } from './tables.ts';
export type { Claim, Lease, Slot, Work } from './work.ts';
