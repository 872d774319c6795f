export const ROOT: string;
export const MODULES: string;
export const BUILD: string;
export function pinnedNode(): string;
export function toolScript(name: string, bin?: string): string;
