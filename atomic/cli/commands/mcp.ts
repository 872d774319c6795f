// atomic mcp: the repository around this folder for an agent, over standard input and output.

import type { Command } from 'commander';

import type { Writer } from '../../hooks/worklog.ts';
import { addCommand, EXIT, type CommandContext } from '../command.ts';
import { VERSION } from '../version.ts';

export function registerMcp(program: Command, context: CommandContext): void {
  addCommand(program, 'mcp', {
    summary: 'Serve this repository to an agent by the Model Context Protocol.',
    description:
      'Tools: atomic_status, atomic_diff, atomic_record, atomic_log, atomic_credit, atomic_apply, atomic_unrecord and\n' +
      'atomic_attribution. What an agent records here is attributed to it, with the evidence `mcp`.',
    examples: ['claude mcp add atomic -- atomic mcp', 'atomic mcp -C ~/work/site'],
  }).action((_options: object, command: Command) =>
    context.run(command, async (shell) => {
      const { root } = shell.repository('read');
      const [{ serveMcp }, { StdioServerTransport }] = await Promise.all([
        import('../../agents/serve-mcp.ts'),
        import('@modelcontextprotocol/sdk/server/stdio.js'),
      ]);
      const run = async (line: readonly string[], client: Writer) => runLine(context, { root, line, client });
      const { closed } = await serveMcp(new StdioServerTransport(), { version: VERSION, run });
      process.stdin.once('end', () => process.stdin.destroy());
      await Promise.race([closed, new Promise<void>((resolve) => process.stdin.once('close', () => resolve()))]);
      return EXIT.done;
    }),
  );
}

async function runLine(
  context: CommandContext,
  { root, line, client }: { readonly root: string; readonly line: readonly string[]; readonly client: Writer },
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const { env, clock } = context.input;
  const { Readable } = await import('node:stream');
  const code = await context.again(line, {
    cwd: root,
    env: { ...env, ATOMIC_PAGER: '' },
    ...(clock === undefined ? {} : { clock }),
    stdin: Readable.from([]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    client,
  });
  return { code, stdout, stderr };
}
