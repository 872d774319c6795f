export { npmRegistry } from '../ecosystems/npm/registry.ts';
export { diagnose, type DiagnosisPorts, type RefusedUpgrade } from './diagnose.ts';
export type { BoundedDiagnosis } from './in-worker.ts';
export type { ApiDifference, Diagnosis } from './look-into.ts';
export type { NamedCause, Proof } from './name-cause.ts';
export type { CrossedChange } from './crossing.ts';
export type { ChangelogReading } from './packages/changelog.ts';
export type { ManifestChange } from './packages/manifest-changes.ts';
