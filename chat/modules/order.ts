// The order in which modules begin: each after what it uses. Pure.

import type { AnyModule } from './define-module.ts';
import { modulesInCircle, moduleTwice } from './faults.ts';

/** Modules with what they use before them; otherwise in the order given. A circle is a Fault that names it. */
export function inOrder(modules: readonly AnyModule[]): readonly AnyModule[] {
  const byName = new Map<string, AnyModule>();
  for (const module of modules) {
    if (byName.has(module.name)) throw moduleTwice(module.name);
    byName.set(module.name, module);
  }
  const ordered: AnyModule[] = [];
  const placed = new Set<string>();
  const place = (module: AnyModule, way: readonly string[]): void => {
    if (placed.has(module.name)) return;
    const from = way.indexOf(module.name);
    if (from >= 0) throw modulesInCircle([...way.slice(from), module.name]);
    for (const name of usedBy(module)) {
      const used = byName.get(name);
      if (used !== undefined) place(used, [...way, module.name]);
    }
    placed.add(module.name);
    ordered.push(module);
  };
  for (const module of modules) place(module, []);
  return ordered;
}

export const usedBy = ({ requires = [], optional = [] }: AnyModule): readonly string[] => [...requires, ...optional];

export interface MissingModule {
  readonly module: string;
  readonly requires: string;
}

/** What is required and not there. */
export function verifyRequiredModules(modules: readonly AnyModule[]): readonly MissingModule[] {
  const names = new Set(modules.map(({ name }) => name));
  return modules.flatMap(({ name, requires = [] }) =>
    requires.filter((each) => !names.has(each)).map((each) => ({ module: name, requires: each })),
  );
}
