export { attachDom, type AttachedDom, type DomPorts } from './attach-dom.ts';
export { BridgeMessage, createBridge, type Bridge, type BridgeAnswer, type BridgeOptions } from './bridge.ts';
export { createEvents, type EventCounts, type Events, type EventStats } from './create-events.ts';
export {
  CHAT_EVENT_NAMES,
  EVENT_ALIASES,
  EVERY_EVENT,
  eventNameOf,
  type ChatEventName,
  type ChatEvents,
  type ChatFailure,
  type EventOf,
} from './event-names.ts';
export { InputHistory, meaningOfKey, type Field, type KeyMeaning, type KeyPress } from './message-keys.ts';
