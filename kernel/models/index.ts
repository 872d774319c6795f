export type * from './models.ts';
export { POLICIES, PROVIDERS, RULES_PROVIDER } from './models.ts';
