export {
  answerNotesOf,
  sourceChangeOf,
  type AnswerNotes,
  type AnswerSource,
  type SourceChange,
} from './answer-notes.ts';
export { createModels, type ModelsOptions } from './create-models.ts';
export type * from './models.ts';
export { LOCAL_PROVIDER, POLICIES, PROVIDERS, RULES_PROVIDER } from './models.ts';
export { createReplay, REPLAY_MODES, type Replay, type ReplayMode, type ReplayOptions } from './replay/replay.ts';
export { LIMITS, type RoutingLimits } from './routing/limits.ts';
export { rulesModel } from './rules/rules-model.ts';
