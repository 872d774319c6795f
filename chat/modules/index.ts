export {
  defineModule,
  type AnyModule,
  type ModuleContext,
  type ModuleDefinition,
  type ModuleHooks,
  type OutgoingRequest,
  type RenderedAction,
  type SentMessage,
  type SetupContext,
} from './define-module.ts';
export { giftsModule, NO_REWARDS, type GiftPort } from './gifts.ts';
export { HOOK_MS_MAX } from './hooks.ts';
export { type MissingModule } from './order.ts';
export { personaModule, scenarioModule, type PersonaPort, type ScenarioPort } from './personas.ts';
export { promptsModule, type PromptPort } from './prompts.ts';
export {
  createRegistry,
  SETUP_MS_MAX,
  type ModulesStats,
  type ModulesStatus,
  type ModuleState,
  type Registry,
} from './registry.ts';
export { analyticsModule, suggestionsModule, type AnalyticsPort, type SuggestionPort } from './suggestions.ts';
