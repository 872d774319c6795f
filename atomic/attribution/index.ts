export {
  AGENT_TRACE_TYPE,
  buildAgentTrace,
  checkAgentTrace,
  contentHash,
  tracedRanges,
  traceId,
  type AgentTrace,
  type TracedRange,
  type TraceParts,
} from './agent-trace.ts';
export {
  accountableOf,
  ACTOR_CLASSES,
  actorOfParts,
  ACTORS,
  basisPoints,
  BASIS_POINTS_MAX,
  classOfActor,
  evidenceOf,
  isAiAssisted,
  modelName,
  PRIVACY_LEVELS,
  SUGGESTION_TYPES,
  UNTRACKED,
  type Accountable,
  type Actor,
  type ActorClass,
  type Agent,
  type AiAttribution,
  type Attribution,
  type BasisPoints,
  type Evidence,
  type Hunk,
  type KeyId,
  type KnownModel,
  type Model,
  type PrivacyLevel,
  type PromptHash,
  type PromptReference,
  type SuggestionType,
  type TokenCount,
} from './attribution.ts';
export { attributionJson, describeAttribution, type Json } from './attribution-text.ts';
export { actorOfLine, creditLines, isBlankByte, type CreditedLine, type LineCredit } from './credit-lines.ts';
export { decodeAttribution, type DecodedAttribution } from './decode-attribution.ts';
export { commitTo, encodeAttribution, matchesCommitment, makeSalt, SALT_BYTES } from './encode-attribution.ts';
export { whereWrong } from './faults.ts';
export {
  noteAuthors,
  NOTES_REF,
  readGitAiNote,
  writeGitAiNote,
  type GitAiNote,
  type LineToNote,
  type NoteAuthor,
} from './git-ai-notes.ts';
export { keyedName, keyedNameBytes, parseKeyedName } from './keyed-name.ts';
export { matcherOf, type WhereMatcher, type WhereRecord } from './match-where.ts';
export { attributionFromNote, noteAuthorOf, type NotedInsert } from './note-attribution.ts';
export {
  dedupePrompts,
  keepPrompt,
  lowerPrompt,
  openPrompt,
  promptHash,
  referenceTo,
  type KeptPrompt,
  type OpenedPrompt,
} from './prompts.ts';
export { BUILT_IN_REGISTRY, canonicalName, checkModel, recognise, withProviders, type Registry } from './registry.ts';
export {
  resolveByAttribution,
  STRATEGIES,
  type ByAttribution,
  type ConflictSide,
  type Strategy,
} from './resolve-by-attribution.ts';
export {
  decodeReview,
  encodeReview,
  reviewState,
  signReview,
  VERDICTS,
  verifyReview,
  type Review,
  type ReviewState,
  type ReviewStatement,
  type Verdict,
} from './reviews.ts';
export { personalIn, redact, secretsIn, type FoundSecret } from './secrets-in.ts';
export {
  DEFAULT_AI_SETTINGS,
  DEFAULT_REMOTE_SETTINGS,
  readAiSettings,
  readRemoteSettings,
  type AiSettings,
  type RemoteSettings,
} from './settings.ts';
export {
  keyIdOf,
  keyPairFromSeed,
  makeKeyPair,
  parsePublicKey,
  parseSecretKey,
  publicKeyText,
  secretKeyText,
  sign,
  signPatch,
  verify,
  verifyPatch,
  verifyPatches,
  type KeyPair,
  type PatchSignature,
  type PublicKey,
  type SignatureVerdict,
} from './signatures.ts';
export {
  attributionFromSources,
  type AttributionSources,
  type FoundAttribution,
  type WitnessReport,
} from './sources.ts';
export { type AiFlags } from './statements.ts';
export { reportHtml, type ReportHeading } from './statistics-report.ts';
export {
  statisticsCsv,
  statisticsJson,
  statisticsSentence,
  statisticsTables,
  type TextTable,
} from './statistics-text.ts';
export {
  classShares,
  GROUPINGS,
  statisticsOf,
  type CreditRow,
  type Grouping,
  type Size,
  type Statistics,
  type Tally,
} from './statistics.ts';
export { readTrailers, withTrailers, type ReadTrailers, type TrailerChoice } from './trailers.ts';
export { mistakeText, parseWhere, printWhere, type ParsedWhere, type Where, type WhereMistake } from './where.ts';
