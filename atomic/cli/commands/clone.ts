// atomic clone: a repository like another one.

import { basename, resolve } from 'node:path';

import type { Command } from 'commander';

import { bytesText, durationText } from 'kernel/basics';

import { cloneInto } from '../../remotes/clone.ts';
import { parseRemoteUrl } from '../../remotes/remote-url.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import {
  peerAt,
  phasesOf,
  receivePolicy,
  remoteSettings,
  sendsAttribution,
  WITHOUT_ATTRIBUTION,
  type AttributionFlags,
} from '../exchange.ts';
import { counted } from '../patch-text.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

interface Options extends AttributionFlags {
  readonly channel?: string;
  readonly path?: string;
}

export function registerClone(program: Command, context: CommandContext): void {
  addCommand(program, 'clone <url> [dir]', {
    summary: 'Make a repository like another one, with its files.',
    description:
      'The address is a path, http(s)://host/atomic/v1/name, ssh://host/path or host:path, and is remembered as origin. ' +
      'A clone that was cut off is gone on with by the same command.',
    examples: [
      'atomic clone ssh://ada@example.org/srv/project',
      'atomic clone http://127.0.0.1:4610/atomic/v1/demo copy',
    ],
  })
    .option('--channel <name>', 'only this channel')
    .option('--path <prefix>', 'only patches that touch this path, and what they build on')
    .option('--with-attribution', 'take along who or which model wrote each patch')
    .option('--skip-attribution', 'leave that out; it can follow later')
    .action((url: string, dir: string | undefined, options: Options, command: Command) =>
      context.run(command, (shell) => clone(shell, { url, dir, options })),
    );
}

async function clone(
  shell: Shell,
  { url, dir, options }: { readonly url: string; readonly dir: string | undefined; readonly options: Options },
): Promise<ExitCode> {
  const startedAt = shell.clock.now();
  const address = parseRemoteUrl(url, shell.folder);
  const folder = resolve(shell.folder, dir ?? nameIn(address.text));
  const settings = remoteSettings(shell.settings(), shell.env);
  const peer = peerAt(shell, url, 'read', shell.folder);
  const phases = phasesOf(shell);
  try {
    const cloned = await cloneInto(folder, peer, {
      url: address.text,
      channel: options.channel ?? null,
      path: options.path?.replace(/\/+$/, '') ?? null,
      withAttribution: sendsAttribution(options, settings.takesOnPull),
      fallsBack: settings.fallsBack,
      policy: receivePolicy(null, shell.env),
      actor: shell.actor(),
      remote: address.text,
      report: phases.report,
      repository: { clock: shell.clock, policy: shell.settings().merge },
    });
    phases.end();
    cloned.repository.close();
    const { channels, current, patches, files, tags, traffic, isWithoutAttribution } = cloned;
    const ms = shell.clock.now() - startedAt;
    shell.terminal.document({
      repository: folder,
      url: address.text,
      channel: current,
      channels,
      patches,
      files,
      tags,
      path: options.path ?? null,
      traffic,
      ms,
    });
    shell.terminal.say(
      `${counted(patches, 'patch', 'patches')} and ${counted(files, 'file')} are in ${folder}, on channel ${printable(current)} ` +
        `(${bytesText(traffic.received)}, ${durationText(ms)}).`,
    );
    if (isWithoutAttribution) shell.terminal.note(WITHOUT_ATTRIBUTION);
    if (options.path !== undefined) {
      shell.terminal.note(
        `Only patches that touch ${printable(options.path)} came, and what they build on; other files may be incomplete.`,
      );
    }
    return EXIT.done;
  } finally {
    phases.end();
    await peer.close();
  }
}

/** What a folder is called after an address. */
const nameIn = (text: string): string => basename(text.replace(/[/\\]+$/, '').replace(/^.*:(?=[^/])/, '')) || 'clone';
