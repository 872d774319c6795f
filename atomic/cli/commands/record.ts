// atomic record: the changes that a person chose become a patch.
// Not here: choosing hunks (../choose-hunks.ts), who wrote what (../attribute-record.ts), one patch for each hand
// (../record-by-actor.ts).

import type { Command } from 'commander';

import type { Writer } from '../../hooks/worklog.ts';
import type { AiFlags } from '../../attribution/statements.ts';
import {
  recordChanges,
  type RecordChangesOptions,
  type RecordChangesOutcome,
} from '../../working-copy/record-changes.ts';
import type { Change } from '../../working-copy/changes.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { messageMissing } from '../faults.ts';
import { attributionFor } from '../attribute-record.ts';
import { signerFor } from '../sign-record.ts';
import { counted, shortHash } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { headerOf } from '../record-header.ts';
import type { RecordedStep } from '../record-by-actor.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

export interface RecordFlags {
  readonly message?: string;
  readonly all?: boolean;
  readonly author?: string;
  readonly interactive?: boolean;
  readonly splitByActor?: boolean;
  readonly allowMarkers?: boolean;
  readonly sign?: boolean;
  readonly aiAssisted?: boolean;
  readonly aiProvider?: string;
  readonly aiModel?: string;
  readonly aiSuggestionType?: string;
  readonly aiConfidence?: string;
}

export function registerRecord(program: Command, context: CommandContext): void {
  addCommand(program, 'record [path...]', {
    summary: 'Make a patch of your changes.',
    description:
      'Without paths: every change of a tracked file. With --all: untracked files, too. On a terminal, without -m and ' +
      '--all, each hunk is asked about, and an editor asks for the message. Whether an AI took part is said by the flags, ' +
      'else by ATOMIC_AI_…, else by the hooks of the agent that worked here.',
    examples: [
      'atomic record -m "Parse dates strictly"',
      'atomic record --all -m "Add retries" --ai-provider anthropic --ai-model claude-sonnet-4-5 --ai-suggestion-type partial',
    ],
  })
    .option('-m, --message <text>', 'what the patch does; further lines describe it')
    .option('-a, --all', 'everything, untracked files too, without asking')
    .option('-i, --interactive', 'ask about each hunk')
    .option('--author <author>', 'who wrote it: "Ada Lovelace <ada@example.org>"')
    .option('--split-by-actor', 'one patch for each person and each AI that wrote in these files')
    .option('--allow-markers', 'take conflict markers that are left in a text as text')
    .option('--sign', 'sign it with your key')
    .option('--no-sign', 'do not sign it, whatever the settings say')
    .option('--ai-assisted', 'an AI took part')
    .option('--no-ai-assisted', 'a person wrote all of it')
    .option('--ai-provider <provider>', 'such as anthropic, openai, google')
    .option('--ai-model <model>', 'such as claude-sonnet-4-5')
    .option('--ai-suggestion-type <type>', 'complete, partial, collaborative, inspired, review or refactor')
    .option('--ai-confidence <share>', 'how sure the AI was, from 0 to 1')
    .action((paths: readonly string[], flags: RecordFlags, command: Command) =>
      context.run(command, (shell) => record(shell, paths, flags)),
    );
}

async function record(shell: Shell, typed: readonly string[], flags: RecordFlags): Promise<ExitCode> {
  const repository = shell.repository('write');
  const paths = typed.map((path) => shell.pathIn(repository, path));
  const isAsked = flags.interactive === true || (flags.message === undefined && flags.all !== true);
  const isInteractive = shell.isInteractive && isAsked && flags.splitByActor !== true;
  if (flags.message === undefined && !shell.isInteractive) throw messageMissing();
  const author = shell.author(flags.author);
  const isChosen = chooserOf(paths, flags.all === true);
  const chosen = isInteractive
    ? await (await import('../choose-hunks.ts')).chooseHunks(shell, repository, isChosen)
    : null;
  if (chosen?.kind === 'nothing') return nothing(shell, typed);
  const message =
    flags.message ??
    (await (await import('../message-editor.ts')).askForMessage(shell, repository, chosen?.isChosen ?? isChosen));
  if (message.trim() === '') {
    shell.terminal.document({ patch: null });
    shell.terminal.say('Nothing was recorded, for the message is empty.');
    return EXIT.negative;
  }
  const header = headerOf(shell, message, author.author);
  const optionsFor = async (writer?: Writer): Promise<RecordChangesOptions> => ({
    header,
    actor: shell.actor(),
    isChosen: chosen?.isChosen ?? isChosen,
    ...(chosen === null ? {} : { partOf: chosen.partOf }),
    allowMarkers: flags.allowMarkers === true,
    args: { message: header.message, ...(paths.length > 0 ? { paths } : {}) },
    ...(await attributionFor(shell, repository, {
      flags: aiFlagsOf(flags),
      message,
      author: author.author,
      ...(writer === undefined ? {} : { writer }),
    })),
    ...(await signerFor(shell, flags.sign)),
  });
  if (flags.splitByActor !== true) return answer(shell, typed, recordChanges(repository, await optionsFor()));
  const { recordByActor } = await import('../record-by-actor.ts');
  return answerSteps(shell, typed, await recordByActor(repository, isChosen, optionsFor));
}

async function answerSteps(shell: Shell, typed: readonly string[], steps: readonly RecordedStep[]): Promise<ExitCode> {
  const failed = steps.find(({ kind }) => kind === 'markers-left');
  if (failed !== undefined) return answer(shell, typed, failed);
  const recorded = steps.filter((step) => step.kind === 'recorded');
  const last = recorded.at(-1);
  if (last === undefined) return nothing(shell, typed);
  const { writerText } = await import('../record-by-actor.ts');
  const { name } = requiredChannel(shell.repository('write').store);
  shell.terminal.document({
    patch: last.patch.hash,
    channel: name,
    patches: recorded.map(({ patch, by, changes }) => ({
      patch: patch.hash,
      actor: by.actor,
      model: by.actor === 'ai' && by.model.kind === 'known' ? by.model.model : null,
      files: changes.map(({ path }) => path),
    })),
  });
  for (const { patch, by, changes } of recorded) {
    const hash = shell.paint('yellow', shortHash(patch.hash));
    shell.terminal.say(
      `${hash} ${printable(patch.header.message)} (${counted(changes.length, 'file')}, by ${writerText(by)})`,
    );
  }
  return EXIT.done;
}

const aiFlagsOf = ({ aiAssisted, aiProvider, aiModel, aiSuggestionType, aiConfidence }: RecordFlags): AiFlags => ({
  aiAssisted,
  aiProvider,
  aiModel,
  aiSuggestionType,
  aiConfidence,
});

/** What is recorded when nobody is asked: tracked files; what was named; with --all everything. */
function chooserOf(paths: readonly string[], all: boolean): (change: Change) => boolean {
  const isUnder = (path: string): boolean =>
    paths.some((each) => each === '' || each === path || path.startsWith(`${each}/`));
  return (change) => {
    if (paths.length === 0) return all || change.kind !== 'untracked';
    const isNamed = isUnder(change.path) || (change.kind === 'moved' && isUnder(change.from));
    // A file that was named is meant, tracked or not; of a folder only what is tracked.
    return isNamed && (all || change.kind !== 'untracked' || paths.includes(change.path));
  };
}

function nothing(shell: Shell, typed: readonly string[]): ExitCode {
  shell.terminal.document({ patch: null });
  const where = typed.length === 0 ? '' : ` under ${typed.join(', ')}`;
  shell.terminal.say(`There is nothing to record${where}: the files are as the channel has them.`);
  shell.terminal.note('Files that are not tracked yet are taken by atomic add, or by atomic record --all.');
  return EXIT.negative;
}

function answer(shell: Shell, typed: readonly string[], outcome: RecordChangesOutcome): ExitCode {
  switch (outcome.kind) {
    case 'nothing':
      return nothing(shell, typed);
    case 'markers-left': {
      shell.terminal.document({ patch: null, markersLeft: outcome.files });
      shell.terminal.say('Nothing was recorded, for conflict markers are left in a text that was edited:');
      for (const { path, lines } of outcome.files) {
        shell.terminal.say(`  ${printable(path)}:${lines.slice(0, LINES_SHOWN).join(', ')}`);
      }
      shell.terminal.note('Take them out, or keep them as text with --allow-markers.');
      return EXIT.negative;
    }
    case 'recorded': {
      const { patch, changes, wholeFiles } = outcome;
      const { name } = requiredChannel(shell.repository('write').store);
      shell.terminal.document({ patch: patch.hash, channel: name, files: changes.map(({ path }) => path), wholeFiles });
      shell.terminal.say(
        `${shell.paint('yellow', shortHash(patch.hash))} ${printable(patch.header.message)} (${counted(changes.length, 'file')}, channel ${name})`,
      );
      if (wholeFiles.length > 0) {
        shell.terminal.note(
          `Written anew as a whole, because their lines did not say what was meant: ${wholeFiles.join(', ')}. Please report this.`,
        );
      }
      return EXIT.done;
    }
  }
}

const LINES_SHOWN = 10;
