export { startLoopbackRegistry, type LoopbackRegistry, type RegistryFault } from './loopback-registry.ts';
export type { FixturePackage } from './packuments.ts';
