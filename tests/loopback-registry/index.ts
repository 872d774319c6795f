export {
  startLoopbackRegistry,
  type LoopbackRegistry,
  type LoopbackRegistrySettings,
  type RegistryFault,
  type RegistryRequest,
} from './loopback-registry.ts';
export type { FixturePackage, PublishedPackage, PublishedVersion } from './packuments.ts';
export { tarball, type TarEntry } from './tarball.ts';
