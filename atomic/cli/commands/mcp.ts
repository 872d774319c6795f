// atomic mcp: a repository for agents.

import type { Command } from 'commander';

import { addGroup, type CommandContext } from '../command.ts';

export function registerMcp(program: Command, _context: CommandContext): void {
  addGroup(program, 'mcp', 'Serve this repository to an agent by the Model Context Protocol.');
}
