export {
  agentCalled,
  AGENT_NAMES,
  HOOK_AGENTS,
  HOOK_KINDS,
  type AgentName,
  type HookKind,
  type ToolEffect,
} from './agents.ts';
export { writerOf } from './agent-writer.ts';
export { decodeWorklog, encodeWorklog } from './encode-worklog.ts';
export { foldWorklog, writersOf, type PresentText, type RecordedPart } from './fold-worklog.ts';
export { hookCommand, hookSettingsPath, installHooks, type InstalledHooks } from './install-hooks.ts';
export {
  PAYLOAD_LENGTH_MAX,
  readHookEvent,
  type HookEvent,
  type IgnoredHook,
  type SessionEvent,
  type ToolEvent,
  type TurnStart,
} from './read-hook-event.ts';
export { hasHooks, uninstallHooks, type UninstalledHooks } from './uninstall-hooks.ts';
export { splitWorklog, type ChangedFile, type WriterStep } from './split-worklog.ts';
export { modelFromTranscript, TAIL_BYTES_MAX, type ReadTail } from './transcript-model.ts';
export {
  forgetPaths,
  isLogOf,
  noteCheckpoint,
  noteEdit,
  writerKey,
  type Cut,
  type FileEdit,
  type FileLog,
  type Worklog,
  type Writer,
  type WrittenSpan,
} from './worklog.ts';
