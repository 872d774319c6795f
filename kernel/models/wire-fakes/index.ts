export { startWireFake, type WireFake } from './start-wire-fake.ts';
export {
  USAGE_BY_DEFAULT,
  type WireAnswer,
  type WireBehaviour,
  type WireFault,
  type WireProtocol,
  type WireRequest,
  type WireScript,
  type WireTool,
  type WireUsage,
} from './wire.ts';
