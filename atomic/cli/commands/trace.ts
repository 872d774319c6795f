// atomic trace: records of who wrote which lines, in the format Agent Trace.

import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { AgentTrace } from '../../attribution/agent-trace.ts';
import { tracePatches } from '../../git/trace-patches.ts';
import { addCommand, addGroup, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { counted } from '../patch-text.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';
import { VERSION } from '../version.ts';

interface Flags {
  readonly channel?: string;
  readonly to?: string;
  readonly all?: boolean;
}

export function registerTrace(program: Command, context: CommandContext): void {
  const group = addGroup(program, 'trace', 'Write Agent Trace records of who wrote what.');
  addCommand(group, 'export', {
    summary: 'Write one Agent Trace record (0.1.0) for each patch, one on each line.',
    description:
      'A record tells the lines that the patch wrote as they stood when it was applied, by session and model. Patches of which\n' +
      'nobody said who wrote them are left out, unless --all asks for them.',
    examples: ['atomic trace export --to .agent-trace/traces.jsonl', 'atomic trace export --all --json'],
  })
    .option('--channel <name>', 'another channel than the current one')
    .option('--to <file>', 'a file to write instead of standard output')
    .option('--all', 'untracked patches, too')
    .action((flags: Flags, command: Command) => context.run(command, (shell) => trace(shell, flags)));
}

function trace(shell: Shell, { channel, to, all = false }: Flags): ExitCode {
  const repository = shell.repository('read');
  const { name } = requiredChannel(repository.store, channel);
  const progress = shell.terminal.progress();
  const traces = tracePatches(repository, {
    channel: name,
    version: VERSION,
    all,
    each: (done, total) => progress.update({ text: 'Looking at patches', done, total }),
  });
  if (to === undefined) {
    if (shell.terminal.json) shell.terminal.document({ traces: [...traces] });
    else for (const each of traces) shell.terminal.say(JSON.stringify(each));
    progress.end();
    return EXIT.done;
  }
  const file = resolve(shell.folder, to);
  const records = writeTraces(file, traces);
  progress.end();
  shell.terminal.document({ file, records });
  shell.terminal.say(`${counted(records, 'record')} in ${file}.`);
  return EXIT.done;
}

function writeTraces(file: string, traces: Iterable<AgentTrace>): number {
  const open = openSync(file, 'w');
  let records = 0;
  try {
    for (const each of traces) {
      writeSync(open, `${JSON.stringify(each)}\n`);
      records += 1;
    }
  } finally {
    closeSync(open);
  }
  return records;
}
