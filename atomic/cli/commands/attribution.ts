// atomic attribution: who wrote how much of what is there, as tables, JSON, CSV or one HTML file.

import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

import type { Command } from 'commander';

import { tableText } from 'kernel/terminal';

import { reportHtml } from '../../attribution/statistics-report.ts';
import {
  statisticsCsv,
  statisticsJson,
  statisticsSentence,
  statisticsTables,
  type TextTable,
} from '../../attribution/statistics-text.ts';
import { GROUPINGS, statisticsOf, type Grouping, type Statistics } from '../../attribution/statistics.ts';
import { creditRows } from '../../repository/credit-rows.ts';
import { reviewStateOf } from '../../repository/review-states.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { optionsContradict } from '../faults.ts';
import { printable } from '../printable.ts';
import { registryOf } from '../registry-file.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly channel?: string;
  readonly stats?: boolean;
  readonly providers?: boolean;
  readonly suggestionTypes?: boolean;
  readonly report?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

export function registerAttribution(program: Command, context: CommandContext): void {
  addCommand(program, 'attribution', {
    summary: 'Show who wrote how much: AI, known people, untracked.',
    description: 'Bytes and lines that are still there, and what was written; the three classes never mix.',
    examples: ['atomic attribution --providers', 'atomic attribution --report who-wrote-it.html'],
  })
    .option('--channel <name>', 'another channel than the current one')
    .option('--stats', 'all tables (the default)')
    .option('--providers', 'only providers and models')
    .option('--suggestion-types', 'only what the AI’s part was')
    .option('--report <file>', 'one HTML file, to be shown or sent')
    .option('--csv', 'one table for a spreadsheet')
    .action((options: Options, command: Command) => context.run(command, (shell) => attribution(shell, options)));
}

async function attribution(shell: Shell, options: Options): Promise<ExitCode> {
  if (options.csv === true && options.json === true) {
    throw optionsContradict('--csv', '--json', 'Standard output takes one of them.');
  }
  const repository = shell.repository('read');
  const channel = requiredChannel(repository.store, options.channel);
  const { store, root } = repository;
  const progress = shell.terminal.progress();
  const rows = creditRows(store, repository.view(channel.name), {
    reviewOf: (patch) => reviewStateOf(store, patch),
    each: (done, total) => progress.update({ text: 'Counting', done, total }),
  });
  progress.end();
  const statistics = statisticsOf(rows, registryOf(root));
  if (options.report !== undefined) {
    const file = resolve(shell.folder, options.report);
    const heading = { repository: basename(root), channel: channel.name, at: shell.clock.now() };
    writeFileSync(file, reportHtml(statistics, heading));
    shell.terminal.note(`The report is in ${file}.`);
  }
  shell.terminal.document({ channel: channel.name, ...statisticsJson(statistics) });
  if (options.csv === true) shell.stdout.write(statisticsCsv(statistics));
  else if (!shell.terminal.json) await shell.page(linesOf(statistics, groupingsOf(options)));
  return EXIT.done;
}

function groupingsOf({ stats, providers, suggestionTypes }: Options): readonly Grouping[] {
  const chosen: Grouping[] = [];
  if (providers === true) chosen.push('providers', 'models');
  if (suggestionTypes === true) chosen.push('suggestionTypes');
  return stats === true || chosen.length === 0 ? GROUPINGS : chosen;
}

function* linesOf(statistics: Statistics, groupings: readonly Grouping[]): Generator<string> {
  yield `${statisticsSentence(statistics)}.`;
  for (const table of statisticsTables(statistics, groupings)) {
    yield '';
    yield table.title;
    yield* tableText(rowsOf(table)).split('\n');
  }
}

/** Numbers stand to the right, as in every table of numbers. */
function rowsOf({ columns, rows }: TextTable): readonly (readonly string[])[] {
  const all = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row.map((cell, column) => (columns[column]?.align === 'right' ? cell.padStart(widths[column] ?? 0) : cell)),
  );
}
