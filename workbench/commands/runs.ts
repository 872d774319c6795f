// tandem runs: the runs of every product, newest first. tandem run RUN: one of them, and how it goes on.

import { resolvePrefix, toIso, type RunId } from 'kernel/basics';
import { runAmbiguous, runNotFound, summaryOf, type Journal, type RunRecord } from 'kernel/journal';
import { isFinal, type RunEvent } from 'kernel/protocol';
import { EXIT, type ExitCode, type Terminal } from 'kernel/terminal';

import type { Shell } from './shell.ts';

export async function runs(shell: Shell, limit: number): Promise<ExitCode> {
  return shell.withWorkbench(shell.configuration(), async ({ journal }) => {
    const { runs: found } = await journal.list({ limit });
    shell.terminal.document({ runs: found.map(summaryOf) });
    if (found.length === 0) shell.terminal.say('There is no run yet. Start one with: tandem modernize PATH');
    else {
      const rows = found.map((run) => [run.id, run.product, run.status, toIso(run.createdAt), run.title]);
      shell.terminal.table([['id', 'product', 'status', 'started', 'title'], ...rows]);
    }
    return EXIT.done;
  });
}

export async function run(shell: Shell, prefix: string, follow: boolean): Promise<ExitCode> {
  return shell.withWorkbench(shell.configuration(), async ({ journal }) => {
    const found = await findRun(journal, prefix);
    const { terminal } = shell;
    terminal.say(
      `${found.title}\n${found.product} · ${found.status}${found.reason === null ? '' : ` · ${found.reason}`}\n`,
    );
    const events: RunEvent[] = [];
    const hear = (event: RunEvent): void => {
      // With --json the document comes at the end; a long run is followed in the console, not in memory.
      if (terminal.json) events.push(event);
      else terminal.say(lineOf(event));
    };
    if (follow) for await (const event of journal.tail(found.id, 0, shell.ending)) hear(event);
    else for await (const event of everything(journal, found)) hear(event);
    const ended = (await journal.get(found.id)) ?? found;
    terminal.document({ ...summaryOf(ended), input: ended.input, events });
    if (follow) sayHowItEnded(terminal, ended);
    return follow && ended.status !== 'done' ? EXIT.negative : EXIT.done;
  });
}

async function findRun(journal: Journal, prefix: string): Promise<RunRecord> {
  const match = resolvePrefix<RunId>(await journal.idsWithPrefix(prefix), prefix);
  if (match.kind === 'several') throw runAmbiguous(prefix, match.ids);
  const found = match.kind === 'one' ? await journal.get(match.id) : undefined;
  if (found === undefined) throw runNotFound(prefix.slice(0, 40));
  return found;
}

const PAGE = 500;

async function* everything(journal: Journal, { id }: RunRecord): AsyncGenerator<RunEvent> {
  for (let after = 0; ;) {
    const page = await journal.read(id, after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

/** Longer data is read in the console, or with --json. */
const DATA_LENGTH_MAX = 160;

function lineOf({ at, kind, data }: RunEvent): string {
  const text = JSON.stringify(data);
  return `${at}  ${kind}  ${text.length > DATA_LENGTH_MAX ? `${text.slice(0, DATA_LENGTH_MAX)}…` : text}`;
}

const sayHowItEnded = (terminal: Terminal, { status, reason }: RunRecord): void =>
  terminal.note(`${isFinal(status) ? 'It ended' : 'It is still'}: ${status}.${reason === null ? '' : ` ${reason}`}`);
