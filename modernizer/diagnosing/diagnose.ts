// Finds the cause of one refused upgrade: fetches both versions, looks at them at run time where they declare no
// types, and looks into it all within bounds.
// Rule: whatever cannot be had makes the diagnosis smaller, never wrong; no code of a package runs outside the sandbox.

import type { Sandbox } from 'kernel/sandbox';

import type { Registry } from '../ecosystems/npm/registry.ts';
import { lookIntoBounded, type BoundedDiagnosis } from './in-worker.ts';
import type { Side } from './look-into.ts';
import { fetchPackage, fetchTypes } from './packages/fetch-package.ts';
import { manifestOf, type PackageFiles } from './packages/package-files.ts';
import { projectTexts } from './project-texts.ts';
import { seenApi } from './differences/seen-api.ts';

export interface DiagnosisPorts {
  readonly registry: Registry;
  /** Null: packages without types are not looked at. */
  readonly sandbox: Sandbox | null;
  /** Host folder for npm's cache. */
  readonly cache: string;
  /** An own folder that may be written and is emptied; made if missing. */
  readonly scratch: string;
  /** Installed packages that have this version at their top, which a job may see through a layer; null: none. */
  installedWith?(name: string, version: string): Promise<string | null>;
  readonly signal: AbortSignal;
}

export interface RefusedUpgrade {
  readonly name: string;
  /** Installed before; null when it was not installed. */
  readonly from: string | null;
  readonly to: string;
  readonly log: string;
  /** The project's folder, as it is before the upgrade. */
  readonly project: string;
}

/** Null when it was stopped. */
export async function diagnose(ports: DiagnosisPorts, refused: RefusedUpgrade): Promise<BoundedDiagnosis | null> {
  const { name, from, to, log } = refused;
  const unread: string[] = [];
  const project = await projectTexts(refused.project);
  const before = from === null ? null : await sideOf(ports, { name, version: from }, unread);
  const after = await sideOf(ports, { name, version: to }, unread);
  if (ports.signal.aborted) return null;
  const bare = [before, after].some((side) => side !== null && !declaresTypes(side));
  const [seenBefore, seenAfter] = bare ? [await seen(ports, before), await seen(ports, after)] : [before, after];
  return lookIntoBounded({ name, log, project, before: seenBefore, after: seenAfter, unread }, ports.signal);
}

interface Version {
  readonly name: string;
  readonly version: string;
}

async function sideOf({ registry, signal }: DiagnosisPorts, version: Version, unread: string[]): Promise<Side | null> {
  const reading = await fetchPackage(registry, version, signal);
  if (reading.kind === 'unreadable') {
    unread.push(`${version.name}@${version.version} could not be looked at: ${reading.reason}.`);
    return null;
  }
  const own = { package: reading.package, types: null, seen: null };
  return declaresOwnTypes(reading.package) ? own : { ...own, types: await fetchTypes(registry, version, signal) };
}

const declaresTypes = (side: Side): boolean => side.types !== null || declaresOwnTypes(side.package);

function declaresOwnTypes({ files }: PackageFiles): boolean {
  const { types, typings, exports } = manifestOf(files);
  return (
    types !== undefined ||
    typings !== undefined ||
    /"types"/.test(JSON.stringify(exports ?? '')) ||
    files.has('index.d.ts')
  );
}

async function seen(ports: DiagnosisPorts, side: Side | null): Promise<Side | null> {
  if (side === null || ports.sandbox === null || ports.signal.aborted) return side;
  const { name, version } = side.package;
  return { ...side, seen: await seenApi({ ...ports, sandbox: ports.sandbox }, { name, version }) };
}
