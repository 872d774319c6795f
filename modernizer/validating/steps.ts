// Which steps a project can be judged by, from what it declares: install, build, load, start, test.
// Rule: a step belongs to one level (1 installs, 2 builds and loads, 3 starts and answers, 4 tests green); a step
// that fails before anything was changed says nothing about upgrades and is left out with that reason.

import type { Manifest } from '../ecosystems/npm/manifest.ts';
import type { Installer } from '../ecosystems/installer.ts';
import type { WorkspaceManifest } from '../ecosystems/workspaces.ts';
import type { Level, ModernizeOptions } from '../protocol/index.ts';

/** `types` is asked only where no tests can be judged by: what compiles says more than what merely loads. */
type StepName = 'install' | 'build' | 'types' | 'load' | 'start' | 'test';

export interface Step {
  readonly name: StepName;
  readonly level: Level;
  /** As a person would type it; for `load`, what is done in words. */
  readonly command: string;
}

const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  1: 'it installs',
  2: 'it builds and loads',
  3: 'it starts and answers',
  4: 'its tests are green',
};

/** What npm writes into a new manifest: no test at all. */
const NO_TEST = /^echo "?Error: no test specified"? *&& *exit 1$/;

/** The steps after the installation, in the order in which they are taken. */
export function stepsOf(
  manifests: readonly [WorkspaceManifest, ...WorkspaceManifest[]],
  options: Pick<ModernizeOptions, 'tests' | 'start'>,
  installer: Installer,
  isTyped = false,
): readonly Step[] {
  const steps: Step[] = [];
  const [{ manifest }] = manifests;
  const build = commandFor('build', manifests, installer);
  if (build !== undefined) steps.push({ name: 'build', level: 2, command: build });
  if (build === undefined && isTyped) steps.push({ name: 'types', level: 2, command: TYPES_COMMAND });
  steps.push({ name: 'load', level: 2, command: loadsCommand(manifest) ? LOAD_COMMAND : LOAD_MAIN });
  const startCommand =
    options.start ?? (manifest.scripts['start'] === undefined ? undefined : installer.script('start'));
  if (startCommand !== undefined) steps.push({ name: 'start', level: 3, command: startCommand });
  const testCommand = options.tests ?? commandFor('test', manifests, installer);
  if (testCommand !== undefined) steps.push({ name: 'test', level: 4, command: testCommand });
  return steps;
}

/** A script of the top, which speaks for all; without one, that of each workspace, one after the other. */
function commandFor(
  script: 'build' | 'test',
  [top, ...workspaces]: readonly [WorkspaceManifest, ...WorkspaceManifest[]],
  installer: Installer,
): string | undefined {
  if (hasScript(top.manifest, script)) return installer.script(script);
  const own = workspaces.filter(({ manifest }) => hasScript(manifest, script));
  if (own.length === 0) return undefined;
  return own.map(({ place, manifest }) => installer.script(script, { place, name: manifest.name })).join(' && ');
}

function hasScript({ scripts }: Manifest, name: string): boolean {
  const script = scripts[name]?.trim() ?? '';
  return script !== '' && !(name === 'test' && NO_TEST.test(script));
}

/** The project’s own compiler, by its place: the same with every package manager. */
const TYPES_COMMAND = 'node_modules/.bin/tsc --noEmit';
const LOAD_MAIN = 'load the main entry';
const LOAD_COMMAND = 'load the command with --help';
/** The same question as in probes/load.mjs. */
const loadsCommand = (manifest: Manifest): boolean =>
  manifest.main === undefined && manifest.exports === undefined && manifest.bin !== undefined;

/** The code with which probes/load.mjs says that there is nothing to load, and what a person is told then. */
export const NO_ENTRY_CODE = 3;
export const NO_ENTRY = 'There is no main entry to load.';

export interface LeftOut {
  readonly step: Step;
  readonly reason: string;
  /** What its tests need that no trial has, in a sentence. */
  readonly needs?: string;
}

/** What a person should know about how far the project could be judged. */
export function labelOf(steps: readonly Step[], leftOut: readonly LeftOut[]): string {
  const level = levelOf(steps);
  const sentences: string[] = [];
  if (level === 4) sentences.push('Judged by its tests.');
  else sentences.push(`It has no tests that can be judged by; an upgrade is kept when ${wordsFor(level, steps)}.`);
  for (const { step, reason, needs } of leftOut) {
    if (needs !== undefined) sentences.unshift(needs);
    else if (reason === NO_ENTRY) sentences.push(NO_ENTRY);
    else sentences.push(`Left out: ${step.command}, which fails before anything is changed (${reason}).`);
  }
  return sentences.join(' ');
}

/** At level 2 only what was really done is said: many projects have nothing to build. */
function wordsFor(level: Level, steps: readonly Step[]): string {
  if (level !== 2) return LEVEL_WORDS[level];
  const has = (name: StepName): boolean => steps.some((step) => step.name === name);
  const words = [has('build') ? 'builds' : '', has('types') ? 'compiles' : '', has('load') ? 'loads' : ''];
  return `it ${words.filter((word) => word !== '').join(' and ')}`;
}

/** The highest level that the steps reach; 1 when there is nothing but the installation. */
export const levelOf = (steps: readonly Step[]): Level =>
  steps.reduce<Level>((highest, { level }) => (level > highest ? level : highest), 1);
