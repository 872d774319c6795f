// atomic git: to and from git.

import type { Command } from 'commander';

import { addGroup, type CommandContext } from '../command.ts';

export function registerGit(program: Command, _context: CommandContext): void {
  addGroup(program, 'git', 'Bring a git repository here, or leave one from here.');
}
