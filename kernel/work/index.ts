export type { Claim, Lease, Slot, Work } from './work.ts';
