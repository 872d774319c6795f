// Why a project is not taken: each says what, why and what next. Wrong use ends a command with 2, a refusal with 1.

import { countText, Fault } from 'kernel/basics';

export const notAProject = (path: string, why: string): Fault =>
  new Fault('PROJECT_NOT_FOUND', {
    what: `"${path}" is not a project that can be upgraded.`,
    why,
    next: 'Give the path of a folder that holds a package.json.',
    about: { kind: 'wrong-use' },
  });

export const manifestUnreadable = (file: string, reason: string, line: number): Fault =>
  new Fault('MANIFEST_UNREADABLE', {
    what: `The manifest ${file} cannot be read.`,
    why: `In line ${line}: ${reason}.`,
    next: 'Mend the file (it has to be JSON), then start again. Nothing was changed.',
    about: { kind: 'wrong-use' },
  });

export const lockfileUnreadable = (file: string, reason: string, command: string): Fault =>
  new Fault('LOCKFILE_UNREADABLE', {
    what: `The lockfile ${file} cannot be read.`,
    why: `${capital(reason)}.`,
    next: `Make it anew with: ${command}`,
    about: { kind: 'wrong-use' },
  });

export const foreignLockfile = (path: string, file: string, tool: string): Fault =>
  new Fault('LOCKFILE_OF_ANOTHER_TOOL', {
    what: `The project ${path} was not taken.`,
    why: `Its ${file} was written by ${tool}; Tandem installs with npm, pnpm or Yarn and would test another tree than yours.`,
    next: 'In a copy of the project, replace it: remove the file, run npm install --package-lock-only, and give that copy.',
    about: { kind: 'conflict' },
  });

export const lockfilesOfSeveral = (path: string, files: readonly string[], commands: readonly string[]): Fault =>
  new Fault('LOCKFILES_OF_SEVERAL_TOOLS', {
    what: `The project ${path} was not taken.`,
    why: `It keeps lockfiles of several package managers, ${files.join(' and ')}, and they may install different trees.`,
    next: `Say which one is meant: ${commands.map((command) => `--package-manager ${command}`).join(' or ')}. Or name it in package.json as "packageManager".`,
    about: { kind: 'conflict' },
  });

export const plugAndPlay = (path: string): Fault =>
  new Fault('PLUG_AND_PLAY_UNSUPPORTED', {
    what: `The project ${path} was not taken.`,
    why: 'Its Yarn installs by Plug’n’Play, without node_modules, which Tandem does not do.',
    next: 'In a copy of the project, write "nodeLinker: node-modules" into .yarnrc.yml, run yarn install, and give that copy.',
    about: { kind: 'conflict' },
  });

export const workspacesWrong = (path: string, why: string): Fault =>
  new Fault('WORKSPACES_WRONG', {
    what: `The workspaces of ${path} cannot be told.`,
    why: `${why}.`,
    next: 'Mend the list of workspaces until an installation works, then start again. Nothing was changed.',
    about: { kind: 'wrong-use' },
  });

export const dirtyTree = (path: string, files: readonly string[]): Fault =>
  new Fault('PROJECT_DIRTY', {
    what: `The project ${path} was not taken.`,
    why:
      `${countText(files.length, 'file differs', 'files differ')} from the last commit: ` +
      `${files.slice(0, 5).join(', ')}${files.length > 5 ? ', …' : ''}.`,
    next: 'Commit or stash them, or take them along with --include-uncommitted.',
    about: { kind: 'conflict' },
  });

export const noCommits = (path: string): Fault =>
  new Fault('PROJECT_WITHOUT_COMMITS', {
    what: `The project ${path} was not taken.`,
    why: 'Its git repository has no commit yet, so there is nothing to build on.',
    next: 'Commit it once (git add . && git commit -m "Begin"), or take it as it is with --include-uncommitted.',
    about: { kind: 'conflict' },
  });

export const tooLarge = (path: string, limit: string): Fault =>
  new Fault('PROJECT_TOO_LARGE', {
    what: `The project ${path} was not taken.`,
    why: `Without node_modules it is larger than ${limit}.`,
    next: 'Give a smaller folder, or move what does not belong to the code out of it.',
    about: { kind: 'conflict' },
  });

export const sampleUnknown = (spec: string, why: string): Fault =>
  new Fault('SAMPLE_UNKNOWN', {
    what: `The sample project "${spec}" could not be fetched.`,
    why,
    next: 'Give a name and an exact version that the registry has, such as csv-write-stream@2.0.0.',
    about: { kind: 'wrong-use' },
  });

export const alreadyRunning = (path: string, run: string): Fault =>
  new Fault('PROJECT_BUSY', {
    what: `No second run was started on ${path}.`,
    why: `Run ${run} is upgrading this very project and has not ended.`,
    next: `Follow it with: tandem run ${run} --follow. Resume it with: tandem modernize --resume ${run}. Or stop it in the console.`,
    about: { kind: 'conflict' },
  });

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
