// atomic git: to and from git.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { durationText } from 'kernel/basics';

import { findRepositoryRoot } from '../../repository/repository.ts';
import { bringGit, type Brought } from '../../git/bring-git.ts';
import { exportGit, type ExportOutcome } from '../../git/export-git.ts';
import { addCommand, addGroup, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { counted } from '../patch-text.ts';
import type { Shell } from '../shell.ts';

interface ImportFlags {
  readonly into?: string;
  readonly branch?: string;
  readonly verify?: boolean;
}

export function registerGit(program: Command, context: CommandContext): void {
  const group = addGroup(program, 'git', 'Bring a git repository here, or leave one from here.');
  addCommand(group, 'import [gitdir]', {
    summary: 'Make patches of the commits of a git repository, with all branches and merges.',
    description:
      'Without --into: into the repository around this folder, or beside git in the same folder (.atomic next to .git), where ' +
      'no file is touched. Every commit becomes one patch with its author and time; trailers and git-ai notes become ' +
      'attribution, and so does what hooks saw in this folder. Importing again adds only commits that are new; what was ' +
      'recorded in Atomic in between stays in its channel beside them, and conflicts as any two patches may.',
    examples: ['atomic git import ~/src/fastify --into ~/src/fastify-atomic --verify', 'atomic git import'],
  })
    .option('--into <dir>', 'the folder for the repository and its files')
    .option('--branch <name>', 'only this branch')
    .option('--verify', 'compare the tree of every first-parent commit with git’s')
    .action((gitdir: string | undefined, flags: ImportFlags, command: Command) =>
      context.run(command, (shell) => bring(shell, gitdir, flags)),
    );
  addCommand(group, 'export <dir>', {
    summary: 'Leave as a git repository: one commit for each patch of a channel.',
    description:
      'The repository is made where there is none. The same channel gives the same commits each time; exporting again adds\n' +
      'only what is new. A trailer Atomic-Change names the patch of each commit, so that it is recognised when it comes back.',
    examples: ['atomic git export ../site-git', 'atomic git export . --branch main --notes --trailers'],
  })
    .option('--channel <name>', 'another channel than the current one')
    .option('--branch <name>', 'the branch in git; called as the channel by default')
    .option('--notes', 'say line by line who wrote what, as notes of git-ai (refs/notes/ai)')
    .option('--trailers', 'say in each message which AI took part (AI-Assisted-By)')
    .option('--co-authors', 'name the AI as a co-author, too (Co-Authored-By)')
    .action((dir: string, flags: ExportFlags, command: Command) =>
      context.run(command, (shell) => leave(shell, dir, flags)),
    );
}

interface ExportFlags {
  readonly channel?: string;
  readonly branch?: string;
  readonly notes?: boolean;
  readonly trailers?: boolean;
  readonly coAuthors?: boolean;
}

function leave(shell: Shell, dir: string, flags: ExportFlags): ExitCode {
  const repository = shell.repository('read');
  const progress = progressOf(shell);
  const { channel = repository.store.channels.current(), branch } = flags;
  let left: ExportOutcome;
  try {
    left = exportGit(repository, {
      folder: resolve(shell.folder, dir),
      channel,
      ...(branch === undefined ? {} : { branch }),
      trailers: flags.trailers === true,
      coAuthors: flags.coAuthors === true,
      notes: flags.notes === true,
      each: (text, done, total) => progress.update(text, done, total),
    });
  } finally {
    progress.end();
  }
  const { folder, commits, known, notes, tip, leftOutOfNotes } = left;
  shell.terminal.document({ folder, channel, branch: left.branch, commits, known, notes, tip, leftOutOfNotes });
  const before = known === 0 ? '' : `, ${counted(known, 'patch', 'patches')} there before`;
  const noted = flags.notes === true ? `, ${counted(notes, 'note')}` : '';
  shell.terminal.say(`${counted(commits, 'commit')} on ${left.branch} in ${folder}${before}${noted}.`);
  if (leftOutOfNotes.length > 0) {
    shell.terminal.note(
      `Notes of git-ai cannot name these files, so they are not in them: ${leftOutOfNotes.slice(0, SHOWN).join(', ')}.`,
    );
  }
  return EXIT.done;
}

function bring(shell: Shell, gitdir: string | undefined, { into, branch, verify = false }: ImportFlags): ExitCode {
  const startedAt = shell.clock.now();
  const progress = progressOf(shell);
  let brought: Brought;
  try {
    brought = bringGit({
      gitFolder: resolve(shell.folder, gitdir ?? '.'),
      into: into === undefined ? (gitdir === undefined ? null : aroundHere(shell.folder)) : resolve(shell.folder, into),
      ...(branch === undefined ? {} : { branch }),
      verify,
      actor: shell.actor(),
      clock: shell.clock,
      each: (text, done, total) => progress.update(text, done, total),
    });
  } finally {
    progress.end();
  }
  return answer(shell, brought, shell.clock.now() - startedAt);
}

/** Each thing that takes long has an estimate of its own. */
function progressOf({ terminal }: Shell): { update(text: string, done: number, total: number): void; end(): void } {
  let said = '';
  let progress = terminal.progress();
  return {
    update(text, done, total) {
      if (text !== said) {
        progress.end();
        progress = terminal.progress();
        said = text;
      }
      progress.update({ text, done, total });
    },
    end: () => progress.end(),
  };
}

/** The repository that a person stands in. */
function aroundHere(folder: string): string | null {
  let root: string;
  try {
    root = findRepositoryRoot(folder);
  } catch {
    // None: git's own folder is meant.
    return null;
  }
  return existsSync(root) ? root : null;
}

function answer(shell: Shell, brought: Brought, ms: number): ExitCode {
  const { root, commits, known, recognised, merges, channels, tags, current, verification, unreadableNotes } = brought;
  const different = verification?.different ?? [];
  shell.terminal.document({
    repository: root,
    commits,
    known,
    recognised,
    merges,
    channels,
    tags,
    channel: current,
    verified: verification === null ? null : { commits: verification.commits, different },
    unreadableNotes: Object.fromEntries(unreadableNotes),
    ms,
  });
  const before = known === 0 ? '' : `, ${counted(known, 'commit')} here before`;
  const again = recognised === 0 ? '' : `, ${counted(recognised, 'commit')} recognised as patches from here`;
  shell.terminal.say(
    `${counted(commits, 'commit')} in ${root} (${counted(channels.length, 'channel')}, ${counted(tags, 'tag')}, ${durationText(ms)}${before}${again}).`,
  );
  if (verification !== null && different.length === 0) {
    shell.terminal.say(
      `All ${verification.commits} first-parent commits of ${current} have git’s own trees, byte for byte.`,
    );
  }
  for (const [commit, why] of [...unreadableNotes].slice(0, SHOWN)) {
    shell.terminal.note(`The git-ai note of ${commit.slice(0, HASH_SHOWN)} was left out: ${why}`);
  }
  if (different.length === 0) return EXIT.done;
  shell.terminal.say(
    `${counted(different.length, 'commit')} would have another tree: ${different.slice(0, SHOWN).join(', ')}.`,
  );
  return EXIT.negative;
}

const SHOWN = 5;
const HASH_SHOWN = 12;
