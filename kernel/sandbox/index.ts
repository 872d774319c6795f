export { copyOut, type Copy, type CopyLimits, type LeftOut } from './copy-out.ts';
export { readHostNpmSettings, type HostNpmSettings } from './host-npm-settings.ts';
export { removeTree } from './remove-tree.ts';
export { openSandbox, probeSandbox, type OpenedSandbox } from './open-sandbox.ts';
export {
  startRegistryProxy,
  type RegistryProxy,
  type RegistryProxyCounts,
  type RegistryProxySettings,
} from './registry-proxy.ts';
export type {
  BackEnd,
  Confinement,
  Finished,
  Job,
  Layer,
  Limits,
  Outcome,
  Phase,
  Program,
  Sandbox,
  SandboxProbe,
  SandboxSettings,
} from './sandbox.ts';
