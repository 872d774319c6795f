// What the registry says against the versions of an upgrade, and which of it the upgrade leaves behind.
// Rule: where the registry does not tell, that is what is shown.

import type { ModernizationView, Signal, UpgradeView, Warning } from 'modernizer/protocol';

type Plan = ModernizationView['plan'];

export interface WarningsFace {
  /** About the installed version only: gone with the upgrade. */
  readonly left: readonly Warning[];
  /** About the version it goes to. */
  readonly stays: readonly Warning[];
  /** What the registry does not tell. */
  readonly unknown: readonly Signal[];
}

const ASKED: readonly Signal['name'][] = ['deprecations', 'advisories'];

export function warningsOf(upgrade: Pick<UpgradeView, 'name' | 'from' | 'to'>, plan: Plan): WarningsFace {
  const own = (plan?.warnings ?? []).filter(({ name }) => name === upgrade.name);
  const stays = own.filter(({ version }) => version === upgrade.to);
  const isSame = (a: Warning, b: Warning): boolean => a.kind === b.kind && a.text === b.text;
  const left = own.filter(
    (warning) => warning.version === upgrade.from && !stays.some((each) => isSame(each, warning)),
  );
  return { left, stays, unknown: unknownOf(plan) };
}

export const unknownOf = (plan: Plan): readonly Signal[] =>
  (plan?.signals ?? []).filter(({ name, state }) => state === 'unavailable' && ASKED.includes(name));

/** Warnings about what is left alone: no upgrade of this plan takes them away. */
export function warningsBesides(plan: Plan): readonly Warning[] {
  const planned = new Set((plan?.upgrades ?? []).map(({ name }) => name));
  return (plan?.warnings ?? []).filter(({ name }) => !planned.has(name));
}

/** `2 advisories less`, `still deprecated`: at most two words to a row; null where nothing is told. */
export function warningsText({ left, stays }: Pick<WarningsFace, 'left' | 'stays'>): string | null {
  const parts: string[] = [];
  const advisories = left.filter(({ kind }) => kind === 'advisory').length;
  if (advisories > 0) parts.push(advisories === 1 ? 'one advisory less' : `${advisories} advisories less`);
  if (left.some(({ kind }) => kind === 'deprecated')) parts.push('no longer deprecated');
  const staying = stays.filter(({ kind }) => kind === 'advisory').length;
  if (staying > 0) parts.push(staying === 1 ? 'one advisory stays' : `${staying} advisories stay`);
  if (stays.some(({ kind }) => kind === 'deprecated')) parts.push('deprecated itself');
  return parts.length === 0 ? null : parts.join(', ');
}

export const warningWord = ({ kind, severity }: Warning): string =>
  kind === 'deprecated' ? 'deprecated' : `advisory${severity === null ? '' : `, ${severity}`}`;
