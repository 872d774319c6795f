// atomic trace: Agent Trace records.

import type { Command } from 'commander';

import { addGroup, type CommandContext } from '../command.ts';

export function registerTrace(program: Command, _context: CommandContext): void {
  addGroup(program, 'trace', 'Write Agent Trace records of who wrote what.');
}
