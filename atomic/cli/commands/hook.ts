// atomic hook: what agents call, and how they are told to.
// Rule: `atomic hook AGENT EVENT` says nothing and ends with 0, whatever happens. (The bundled form does not even come here:
// ../bundled.ts.)

import type { Command } from 'commander';

import { EXIT, type ExitCode } from 'kernel/terminal';

import { addCommand, type CommandContext } from '../command.ts';
import { hookAgentUnknown } from '../../agents/faults.ts';
import type { Shell } from '../shell.ts';
import { AGENT_NAMES, agentCalled, type AgentName } from '../../hooks/agents.ts';
import {
  installHooksIn,
  listHooks,
  uninstallHooksIn,
  type HookSettingsOutcome,
} from '../../agents/hook-settings-files.ts';

export function registerHook(program: Command, context: CommandContext): void {
  const hook = addCommand(program, 'hook', {
    summary: 'Take what agents tell of their work; install or remove their hooks.',
    description:
      'Agents call `atomic hook AGENT EVENT` with JSON on standard input. It prints nothing, always ends with 0, and keeps ' +
      'what the agent did until the next patch is recorded. Agents: claude-code, cursor, copilot, codex, gemini, generic.',
    examples: ['atomic hook install --all', 'atomic hook claude-code PostToolUse < event.json'],
  })
    .argument('[agent]')
    .argument('[event]')
    .action((agent: string | undefined, event: string | undefined, _options: object, command: Command) =>
      agent === undefined ? command.help() : call(context, command, agent, event ?? ''),
    );
  const which = { all: 'every agent that has settings for hooks' };
  addCommand(hook, 'install [agent...]', {
    summary: 'Let agents tell Atomic what they do, by their settings in this repository.',
    examples: ['atomic hook install claude-code', 'atomic hook install --all --json'],
  })
    .option('--all', which.all)
    .action((agents: readonly string[], options: { all?: boolean }, command: Command) =>
      context.run(command, (shell) => change(shell, chosen(agents, options.all), installHooksIn)),
    );
  addCommand(hook, 'uninstall [agent...]', {
    summary: 'Take Atomic out of the settings of agents; what others wrote there stays.',
    examples: ['atomic hook uninstall cursor', 'atomic hook uninstall --all'],
  })
    .option('--all', which.all)
    .action((agents: readonly string[], options: { all?: boolean }, command: Command) =>
      context.run(command, (shell) => change(shell, chosen(agents, options.all), uninstallHooksIn)),
    );
  addCommand(hook, 'list', {
    summary: 'Show which agents tell Atomic what they do.',
    examples: ['atomic hook list', 'atomic hook list --json'],
  }).action((_options: object, command: Command) => context.run(command, list));
  addCommand(hook, 'serve', {
    summary: 'Take what editors tell, over a socket of this repository, until it is ended.',
    description:
      'The protocol: one line of JSON for each edit, to .atomic/spool/editor.sock (agents/editor-protocol.ts).',
    examples: ['atomic hook serve', 'atomic hook serve -C ~/work/site'],
  }).action((_options: object, command: Command) =>
    context.run(command, async (shell) => {
      const { serveEditors } = await import('../../agents/serve-editors.ts');
      const { root } = shell.repository('read');
      const server = await serveEditors({ root, clock: shell.clock });
      shell.terminal.note(`Editors can tell what they see at ${server.path}. Ctrl+C ends it.`);
      await server.closed;
      return EXIT.done;
    }),
  );
}

async function call(context: CommandContext, command: Command, agent: string, event: string): Promise<void> {
  const { hookProcess, payloadOf } = await import('../../agents/hook-process.ts');
  const { input } = context;
  const stdin = input.stdin ?? process.stdin;
  const folder = command.optsWithGlobals<{ C?: string }>().C ?? '.';
  const { resolve } = await import('node:path');
  const { systemClock } = await import('kernel/basics');
  await hookProcess({
    agent,
    event,
    folder: resolve(input.cwd, folder),
    env: input.env,
    payload: () => payloadOf(stdin),
    nowMs: (input.clock ?? systemClock).now(),
  });
}

function chosen(names: readonly string[], all = false): readonly AgentName[] {
  if (all) return AGENT_NAMES.filter((name) => name !== 'generic');
  if (names.length === 0) throw hookAgentUnknown('', AGENT_NAMES);
  return names.map((name) => {
    const found = agentCalled(name);
    if (found === undefined) throw hookAgentUnknown(name, AGENT_NAMES);
    return found.name;
  });
}

function change(
  shell: Shell,
  agents: readonly AgentName[],
  how: (root: string, agent: AgentName) => HookSettingsOutcome,
): ExitCode {
  const { root } = shell.repository('read');
  const outcomes = agents.map((agent) => ({ agent, ...how(root, agent) }));
  shell.terminal.document({ hooks: outcomes });
  for (const { agent, path, said, note } of outcomes) {
    shell.terminal.say(`${agent}: ${path === null ? '' : `${path} `}${said}`);
    if (note !== '') shell.terminal.note(note);
  }
  return outcomes.some(({ kind }) => kind === 'refused') ? EXIT.negative : EXIT.done;
}

function list(shell: Shell): ExitCode {
  const { root } = shell.repository('read');
  const rows = listHooks(root);
  shell.terminal.document({ hooks: rows });
  shell.terminal.table(rows.map(({ agent, path, isInstalled }) => [agent, isInstalled ? 'tells Atomic' : '-', path]));
  return EXIT.done;
}
