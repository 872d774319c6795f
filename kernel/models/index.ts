export type * from './models.ts';
export { LOCAL_PROVIDER, POLICIES, PROVIDERS, RULES_PROVIDER } from './models.ts';
