// Two agents and a person edit one file at the same time, meet in a conflict, and settle it; then one model's work is
// taken out again. Credit is shown before and after. What is shown is what the atomic command prints.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `atomic` in a folder, as somebody; what it prints. */
export type Atomic = (
  folder: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly stdout: string }>;

const BEGINNING = `export function price(count) {
  return count * 3;
}

export function label(name) {
  return name;
}
`;
const WITH_CLAUDE = BEGINNING.replace('count * 3', 'Math.max(0, count) * 3').replace(
  'return name',
  'return name.trim()',
);
const WITH_GPT = BEGINNING.replace('count * 3', 'Math.round(count * 3)').concat('\nexport const currency = "EUR";\n');
/** The person takes both ideas. */
const SETTLED_LINE = '  return Math.round(Math.max(0, count) * 3);\n';

const CLAUDE = ['--ai-assisted', '--ai-provider', 'anthropic', '--ai-model', 'claude-sonnet-4-5'];
const GPT = ['--ai-assisted', '--ai-provider', 'openai', '--ai-model', 'gpt-4o'];
const PERSON = ['--no-ai-assisted'];
const OF_GPT = 'ai.model=gpt-4o';

export async function twoAgents(print: (line: string) => void, atomic: Atomic): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-example-'));
  const [person, claude, gpt] = [join(folder, 'person'), join(folder, 'claude'), join(folder, 'gpt')] as const;
  const ask = async (place: string, ...args: readonly string[]): Promise<string> => {
    const { code, stdout } = await atomic(place, args);
    if (code !== 0 && args[0] !== 'status') throw new Error(`atomic ${args.join(' ')} ended with ${code}: ${stdout}`);
    return stdout.trimEnd();
  };
  const file = (place: string): string => join(place, 'shop.js');
  const show = (title: string, text: string): void => print(`\n# ${title}\n${text}`);
  try {
    mkdirSync(person);
    await ask(person, 'init');
    writeFileSync(file(person), BEGINNING);
    await ask(person, 'record', '--all', '-m', 'Begin the shop', ...PERSON);
    for (const agent of [claude, gpt]) await ask(folder, 'clone', person, agent);

    writeFileSync(file(claude), WITH_CLAUDE);
    await ask(claude, 'record', '-m', 'Refuse counts below zero', ...CLAUDE);
    writeFileSync(file(gpt), WITH_GPT);
    await ask(gpt, 'record', '-m', 'Round prices', ...GPT);

    await ask(person, 'pull', claude);
    await ask(person, 'pull', gpt);
    show('Both wrote the same line: the person has a conflict', conflictOf(await ask(person, 'status')));
    writeFileSync(file(person), settled(readFileSync(file(person), 'utf8')));
    await ask(person, 'record', '-m', 'Take both ideas', ...PERSON);
    show('Settled. Who wrote what', creditText(await ask(person, 'credit', 'shop.js', '--json')));

    await ask(claude, 'pull', person);
    const same = (await stateOf(ask, person)) === (await stateOf(ask, claude));
    show('The first agent pulls', same ? 'Both have the same state.' : 'The states differ!');

    const plan = await ask(person, 'unrecord', '--where', OF_GPT, '--with-dependents', '--dry-run', '--json');
    const messages = messagesOf(await ask(person, 'log', '--json'));
    show('What would go with the second model’s work', planText(plan, messages));
    await ask(person, 'unrecord', '--where', OF_GPT, '--with-dependents');
    show('Without it. Who wrote what', creditText(await ask(person, 'credit', 'shop.js', '--json')));
    show('And the file', readFileSync(file(person), 'utf8').trimEnd());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const CONFLICT = /^>{7,} .*\n[^]*?^<{7,} .*\n/m;
const settled = (text: string): string => text.replace(CONFLICT, SETTLED_LINE);

const conflictOf = (status: string): string =>
  status
    .split('\n')
    .filter((line) => line.includes('shop.js'))
    .join('\n')
    .trim();

async function stateOf(ask: (place: string, ...args: string[]) => Promise<string>, place: string): Promise<string> {
  return (JSON.parse(await ask(place, 'state', '--json')) as { root: string }).root;
}

interface CreditDocument {
  readonly lines: readonly {
    readonly text: string;
    readonly credits: readonly { readonly actor: string; readonly model: string | null }[];
  }[];
}

function creditText(json: string): string {
  const { lines } = JSON.parse(json) as CreditDocument;
  return lines
    .map(({ text, credits }) =>
      `${credits
        .map(({ actor, model }) => model ?? actor)
        .join(', ')
        .padEnd(18)} ${text}`.trimEnd(),
    )
    .join('\n');
}

function messagesOf(json: string): ReadonlyMap<string, string> {
  const { patches } = JSON.parse(json) as {
    readonly patches: readonly { readonly hash: string; readonly message: string }[];
  };
  return new Map(patches.map(({ hash, message }) => [hash, message]));
}

function planText(json: string, messages: ReadonlyMap<string, string>): string {
  const { unrecorded, dependents } = JSON.parse(json) as Readonly<
    Record<'unrecorded' | 'dependents', readonly string[]>
  >;
  return unrecorded
    .map((hash) => `${dependents.includes(hash) ? 'builds on it' : 'was named'}: ${messages.get(hash)}`)
    .sort()
    .join('\n');
}

/** The command of this checkout, by itself. */
const command: Atomic = async (cwd, args) => {
  const bin = join(import.meta.dirname, '../../atomic/bin/atomic');
  const { status, stdout, stderr } = spawnSync(bin, args, { cwd, encoding: 'utf8' });
  return { code: status ?? 1, stdout: stdout + (status === 0 ? '' : stderr) };
};

if (import.meta.main) await twoAgents((line) => void process.stdout.write(`${line}\n`), command);
