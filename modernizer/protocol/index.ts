export { changeWords, proofWords } from './change-words.ts';
export { ApiChange, ApiChangeKind, CallSite, CauseProof, Diagnosis } from './diagnosis.ts';
export {
  compareRuns,
  Comparison,
  type ComparedKind,
  type ComparedLine,
  type ComparedRun,
  type ComparedUpgrade,
} from './comparison.ts';
export { Projects, ProjectSummary } from './project.ts';
export {
  dayName,
  Recurrence,
  recurrenceText,
  Schedule,
  SCHEDULE_TITLE_MAX,
  ScheduleChange,
  ScheduleOutcome,
  SchedulePreview,
  Schedules,
  ScheduleWanted,
} from './schedule.ts';
export { LockedChange, LockfileDifference, TrialEvidence } from './evidence.ts';
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
export { spentText } from './spent-text.ts';
export {
  Baseline,
  Commit,
  Decision,
  DependencyKind,
  Engines,
  FixAttempt,
  InsteadOf,
  isKept,
  LeftAlone,
  Level,
  LevelResult,
  PlannedUpgrade,
  Rewrite,
  Risk,
  Signal,
  StepSpent,
  TestCounts,
  Verdict,
  VerdictKind,
  Warning,
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
