// tandem modernize PATH|ARCHIVE.zip|ADDRESS: upgrades a project and shows how it goes; --resume RUN goes on with an interrupted run.
// Rule: the exit code is the answer: 0 done, 1 a no (red, refused, needs a person, interrupted), 2 wrong use, 3 a fault.

import { copyFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { countText, type RunId } from 'kernel/basics';
import type { Journal } from 'kernel/journal';
import { EXIT, exitCodeOf, type ExitCode, type Terminal } from 'kernel/terminal';

import { inputUnreadable } from '../faults.ts';
import { choiceText, readChoice } from '../intake/read-choice.ts';
import { foldEvent, EMPTY_VIEW, openDecisions, ModernizeOptions, type ModernizationResult } from '../protocol/index.ts';
import type { RunEnd } from '../workflow/execute-run.ts';
import type { Modernizer } from '../workflow/modernizer.ts';
import { EMPTY_STATE, LoneAgent, readAgentOutput } from '../workflow/agent-output.ts';
import { alreadyRunning } from '../workflow/refusals.ts';
import { onlyWrong, optionsWrong, runOrPath } from './faults.ts';
import { lineOf } from './lines.ts';
import { resultText } from './result-text.ts';

export interface ModernizeContext {
  readonly modernizer: Modernizer;
  readonly journal: Journal;
  readonly terminal: Terminal;
  /** Where relative paths begin. */
  readonly folder: string;
  readonly owner: string;
  /** Aborts on Ctrl-C. */
  readonly down: AbortSignal;
  /** True when a person can answer a question here. */
  readonly interactive: boolean;
}

export interface ModernizeArguments {
  readonly path: string | undefined;
  readonly resume: string | undefined;
  /** Of a git repository that `path` names by its address. */
  readonly branch?: string | undefined;
  readonly report: string | undefined;
  /** One agent instead of all, and the file with what the agent before it made. */
  readonly only: string | undefined;
  readonly input: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The names of the options a run can be given. */
export const ALL_OPTIONS: readonly string[] = Object.keys(ModernizeOptions.shape);

export async function modernize(context: ModernizeContext, given: ModernizeArguments): Promise<ExitCode> {
  const { modernizer, terminal } = context;
  if (given.only !== undefined) return modernizeOnly(context, given, given.only);
  if (given.input !== undefined) throw onlyWrong(null);
  const run = await runToExecute(context, given);
  const following = follow(context, run);
  let end: RunEnd;
  try {
    end = await executeWithAnswers(context, run);
  } finally {
    await following.stop();
  }
  const result = await modernizer.result(run);
  if (given.report !== undefined && result.report !== null) {
    await copyFile(result.report, resolve(context.folder, given.report));
  }
  terminal.document(result);
  terminal.say(resultText(result));
  if (end.fault !== null) terminal.note(`[${end.fault.code}]`);
  if (end.status === 'interrupted') terminal.note(`Go on with: npx tandem modernize --resume ${run}`);
  return exitCodeFor(end, result);
}

/** One agent alone. Its output, with --json, is what the next agent takes as --input. */
async function modernizeOnly(context: ModernizeContext, given: ModernizeArguments, name: string): Promise<ExitCode> {
  const { modernizer, terminal, folder, down } = context;
  const asked = LoneAgent.safeParse(name);
  if (!asked.success || given.resume !== undefined) throw onlyWrong(name);
  const agent = asked.data;
  if ((agent === 'planner') !== (given.input === undefined)) throw onlyWrong(name);
  const before =
    given.input === undefined
      ? null
      : readAgentOutput(await readInput(resolve(folder, given.input)), given.input, agent);
  const run = before === null ? await runToExecute(context, given) : (await modernizer.find(before.run)).id;
  const following = follow(context, run);
  let done: Awaited<ReturnType<Modernizer['executeAgent']>>;
  try {
    done = await modernizer.executeAgent(run, { agent, state: before?.state ?? EMPTY_STATE }, down);
  } finally {
    await following.stop();
  }
  const { end, state } = done;
  terminal.document({ run, agent, status: end.status, reason: end.reason, state });
  terminal.say(`The ${agent} is through with run ${run}.${end.fault === null ? '' : ` ${end.reason ?? ''}`}`);
  const untried = state.mends.filter(({ answer }) => answer === null).length;
  if (untried > 0) {
    const changes = countText(untried, 'change of code is', 'changes of code are');
    terminal.note(`${changes} not tried yet. The validator does, with this output (--json) as its --input.`);
  }
  if (end.fault !== null) return exitCodeOf(end.fault);
  return state.ending === null || agent === 'deployer' ? EXIT.done : EXIT.negative;
}

const readInput = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    throw inputUnreadable(file, error instanceof Error ? error.message : String(error));
  });

async function runToExecute(context: ModernizeContext, given: ModernizeArguments): Promise<RunId> {
  const { modernizer, folder, owner } = context;
  if ((given.path === undefined) === (given.resume === undefined)) throw runOrPath();
  if (given.resume !== undefined) return (await modernizer.find(given.resume)).id;
  const options = ModernizeOptions.safeParse(given.options);
  if (!options.success)
    throw optionsWrong(options.error.issues[0]?.path.join('.') ?? '', options.error.issues[0]?.message ?? '');
  const project = readChoice(given.path ?? '', given.branch ?? null, (path) => resolve(folder, path));
  const started = await modernizer.start({
    project,
    options: options.data,
    owner,
    startedBy: 'command',
    unasked: !context.interactive,
  });
  if (started.kind === 'refused') throw started.fault;
  if (started.kind === 'already-running') throw alreadyRunning(choiceText(project), started.run);
  return started.run;
}

/** Questions are put to a person who sits at the terminal; elsewhere the run waits and says so. */
async function executeWithAnswers(context: ModernizeContext, run: RunId): Promise<RunEnd> {
  const { modernizer, terminal, down, owner } = context;
  for (;;) {
    const end = await modernizer.execute(run, down);
    if (end.status !== 'needs-person' || !context.interactive) return end;
    const [decision] = openDecisions(await modernizer.view(run));
    const [first, ...others] = decision?.options ?? [];
    if (decision === undefined || first === undefined) return end;
    const choice = (option: typeof first) => ({ key: option.id, text: `${option.label}. ${option.detail}` });
    const question = `${decision.question} ${decision.why}`;
    const option = await terminal.choose(question, [choice(first), ...others.map(choice)], decision.defaultOption);
    await modernizer.answer(run, decision.id, option, owner);
  }
}

/** Shows progress and each verdict as the journal tells them. */
function follow(context: ModernizeContext, run: RunId): { stop(): Promise<void> } {
  const { journal, terminal } = context;
  const progress = terminal.progress();
  const ended = new AbortController();
  const done = (async () => {
    let view = EMPTY_VIEW;
    for await (const event of journal.tail(run, 0, ended.signal)) {
      view = foldEvent(view, event);
      const line = lineOf(event.kind, event.data);
      if (line !== undefined) {
        progress.end();
        terminal.note(line);
      }
      if (view.finishedAt !== null) continue;
      progress.update({
        text: view.progress?.phase ?? 'Planning',
        ...(view.progress === null ? {} : { done: view.progress.trialsDone, total: view.progress.trialsExpected }),
        ...(view.progress?.remainingMs == null ? {} : { leftMs: view.progress.remainingMs }),
      });
    }
  })();
  return {
    async stop() {
      ended.abort();
      await done;
      progress.end();
    },
  };
}

function exitCodeFor(end: RunEnd, result: ModernizationResult): ExitCode {
  if (end.fault !== null) return exitCodeOf(end.fault);
  return result.status === 'done' ? EXIT.done : EXIT.negative;
}
