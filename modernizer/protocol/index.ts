export { Agent, parseEvent, TrialPurpose, type EventData, type EventKind, type ModernizerEvent } from './events.ts';
export {
  DecisionAnswer,
  ModernizationStarted,
  InstallerChoice,
  ModernizeOptions,
  NewModernization,
  ProjectChoice,
  Sample,
  Samples,
  TrialLog,
  Uploaded,
} from './request.ts';
export { ModernizationResult } from './result.ts';
export {
  Baseline,
  Commit,
  Decision,
  DependencyKind,
  Engines,
  InsteadOf,
  isKept,
  LeftAlone,
  Level,
  LevelResult,
  PlannedUpgrade,
  Risk,
  Signal,
  TestCounts,
  Verdict,
  VerdictKind,
} from './upgrade.ts';
export {
  EMPTY_VIEW,
  foldEvent,
  foldEvents,
  openDecisions,
  type AgentState,
  type AgentView,
  type DecisionView,
  type ModernizationView,
  type TrialView,
  type UpgradeView,
} from './view.ts';
