export type {
  BackEnd,
  Confinement,
  Finished,
  Job,
  Limits,
  Outcome,
  Phase,
  Sandbox,
  SandboxProbe,
  SandboxSettings,
} from './sandbox.ts';
