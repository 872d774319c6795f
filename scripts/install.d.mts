type Packages = Readonly<Record<string, { version?: string; integrity?: string; optional?: boolean }>>;

export function ensureInstalled(): Promise<void>;
export function matches(wanted: Packages, installed: Packages): boolean;
export function cleanEnvironment(environment: Readonly<Record<string, string>>): Record<string, string>;
export function explained(told: string): { readonly why: string; readonly next: string };
