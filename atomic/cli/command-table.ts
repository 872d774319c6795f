// Every command: its name, one line about it, and how its code is loaded. One line each.

import type { CommandEntry } from './command.ts';

/** In the order of --help: beginning, every day, history, channels, exchange, attribution, the repository itself. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'Begin a repository in a folder.',
    load: async () => (await import('./commands/init.ts')).registerInit,
  },
  {
    name: 'clone',
    summary: 'Make a repository like another one, with its files.',
    load: async () => (await import('./commands/clone.ts')).registerClone,
  },
  {
    name: 'status',
    summary: 'Show what is not recorded, and every conflict.',
    load: async () => (await import('./commands/status.ts')).registerStatus,
  },
  { name: 'add', summary: 'Begin to track files.', load: async () => (await import('./commands/add.ts')).registerAdd },
  {
    name: 'mv',
    summary: 'Move or rename a file or a folder.',
    load: async () => (await import('./commands/mv.ts')).registerMv,
  },
  {
    name: 'rm',
    summary: 'Delete tracked files; the next record says so.',
    load: async () => (await import('./commands/rm.ts')).registerRm,
  },
  {
    name: 'record',
    summary: 'Make a patch of your changes.',
    load: async () => (await import('./commands/record.ts')).registerRecord,
  },
  {
    name: 'diff',
    summary: 'Show what is not recorded, or what a patch did.',
    load: async () => (await import('./commands/diff.ts')).registerDiff,
  },
  {
    name: 'log',
    summary: 'List the patches of a channel, latest first.',
    load: async () => (await import('./commands/log.ts')).registerLog,
  },
  {
    name: 'credit',
    summary: 'Show who wrote each line, or each byte, of a file.',
    load: async () => (await import('./commands/credit.ts')).registerCredit,
  },
  {
    name: 'reset',
    summary: 'Put files back as the channel has them.',
    load: async () => (await import('./commands/reset.ts')).registerReset,
  },
  {
    name: 'undo',
    summary: 'Take the last command back; files follow.',
    load: async () => (await import('./commands/undo.ts')).registerUndo,
  },
  {
    name: 'unrecord',
    summary: 'Take patches out of a channel.',
    load: async () => (await import('./commands/unrecord.ts')).registerUnrecord,
  },
  {
    name: 'rollback',
    summary: 'Record the inverse of a patch.',
    load: async () => (await import('./commands/rollback.ts')).registerRollback,
  },
  {
    name: 'apply',
    summary: 'Put patches into a channel, with what they build on.',
    load: async () => (await import('./commands/apply.ts')).registerApply,
  },
  {
    name: 'channel',
    summary: 'Make, switch, fork, list, rename and delete channels.',
    load: async () => (await import('./commands/channel.ts')).registerChannel,
  },
  {
    name: 'state',
    summary: 'Print the root of a channel: equal roots are equal sets.',
    load: async () => (await import('./commands/state.ts')).registerState,
  },
  {
    name: 'output',
    summary: 'Write the tree of a channel into another folder.',
    load: async () => (await import('./commands/output.ts')).registerOutput,
  },
  {
    name: 'tag',
    summary: 'Name the state of a channel; list and delete such names.',
    load: async () => (await import('./commands/tag.ts')).registerTag,
  },
  {
    name: 'remote',
    summary: 'Name other repositories to exchange patches with.',
    load: async () => (await import('./commands/remote.ts')).registerRemote,
  },
  {
    name: 'pull',
    summary: 'Take patches from another repository; files follow.',
    load: async () => (await import('./commands/push-pull.ts')).registerPull,
  },
  {
    name: 'push',
    summary: 'Send patches to another repository.',
    load: async () => (await import('./commands/push-pull.ts')).registerPush,
  },
  {
    name: 'serve',
    summary: 'Serve repositories to others.',
    load: async () => (await import('./commands/serve.ts')).registerServe,
  },
  {
    name: 'git',
    summary: 'Bring a git repository here, or leave one from here.',
    load: async () => (await import('./commands/git.ts')).registerGit,
  },
  {
    name: 'trace',
    summary: 'Write Agent Trace records of who wrote what.',
    load: async () => (await import('./commands/trace.ts')).registerTrace,
  },
  {
    name: 'attribution',
    summary: 'Show who wrote how much: AI, known people, untracked.',
    load: async () => (await import('./commands/attribution.ts')).registerAttribution,
  },
  {
    name: 'review',
    summary: 'Say, signed, that you looked at a patch; or show who did.',
    load: async () => (await import('./commands/review.ts')).registerReview,
  },
  {
    name: 'prompts',
    summary: 'List, show and forget the prompts that patches come from.',
    load: async () => (await import('./commands/prompts.ts')).registerPrompts,
  },
  {
    name: 'hook',
    summary: 'Take what agents tell of their work; install or remove their hooks.',
    load: async () => (await import('./commands/hook.ts')).registerHook,
  },
  {
    name: 'mcp',
    summary: 'Serve this repository to an agent by the Model Context Protocol.',
    load: async () => (await import('./commands/mcp.ts')).registerMcp,
  },
  {
    name: 'key',
    summary: 'Make a key to sign with, and trust those of others.',
    load: async () => (await import('./commands/key.ts')).registerKey,
  },
  {
    name: 'config',
    summary: 'Show and change settings.',
    load: async () => (await import('./commands/config.ts')).registerConfig,
  },
  {
    name: 'audit',
    summary: 'List what was done here, and verify the whole history.',
    load: async () => (await import('./commands/audit.ts')).registerAudit,
  },
  {
    name: 'doctor',
    summary: 'Check the repository, and mend what can be mended.',
    load: async () => (await import('./commands/doctor.ts')).registerDoctor,
  },
  {
    name: 'completion',
    summary: 'Print a completion script for bash, zsh or fish.',
    load: async () => (await import('./commands/completion.ts')).registerCompletion,
  },
];
