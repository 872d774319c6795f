// Notes of git-ai (`refs/notes/ai`, authorship/3.0.0): lines of each file with keys, `---`, then JSON that says who the
// keys are. Read in all three forms of keys (sessions, people, and the older prompts), written in the present one.
// Rule: lines without a key are untracked. What cannot be read is said, and nothing of it is believed. Bounded.
// Source: specs/git_ai_standard_v3.0.0.md of git-ai-project/git-ai. Not here: git, and credit.

import { createHash } from 'node:crypto';

import { z } from 'zod';

export const NOTES_REF = 'refs/notes/ai';
const SCHEMA_VERSION = 'authorship/3.0.0';

export interface NoteSession {
  readonly kind: 'ai';
  /** As Atomic calls it, such as `claude-code`. */
  readonly tool: string;
  readonly sessionId: string;
  /** Null: git-ai did not learn it. */
  readonly model: string | null;
  /** Beside the format's own fields; null where another wrote the note. */
  readonly provider: string | null;
  /** Who led the agent. */
  readonly person: string | null;
}

interface NotePerson {
  readonly kind: 'human';
  /** `Name <mail>`. */
  readonly author: string;
}

export type NoteAuthor = NoteSession | NotePerson;

/** Lines `start` to `end`, both of them in it, counted from 1. */
interface LineRange {
  readonly start: number;
  readonly end: number;
}

interface NotedFile {
  readonly path: string;
  /** In the order of the note: of two that name a line the later counts. */
  readonly entries: readonly { readonly author: NoteAuthor; readonly lines: readonly LineRange[] }[];
}

export interface GitAiNote {
  readonly commit: string;
  readonly files: readonly NotedFile[];
}

type ReadNote =
  { readonly kind: 'note'; readonly note: GitAiNote } | { readonly kind: 'unreadable'; readonly why: string };

/** Notes of real histories have some kilobytes; those of imported trees some hundreds. */
const NOTE_LENGTH_MAX = 64 * 1024 * 1024;
const DIVIDER = '---';

const agentId = z.object({ tool: z.string().min(1).max(250), id: z.string().max(1000), model: z.string().max(250) });
const custom = z.record(z.string(), z.string()).nullish();
const session = z.object({
  agent_id: agentId,
  human_author: z.string().max(1000).nullish(),
  custom_attributes: custom,
});
const metadata = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  base_commit_sha: z.string().max(250),
  prompts: z.record(z.string(), session).default({}),
  sessions: z.record(z.string(), session).default({}),
  humans: z.record(z.string(), z.object({ author: z.string().max(1000) })).default({}),
});
type Metadata = z.infer<typeof metadata>;
const PROVIDER_ATTRIBUTE = 'atomic_provider';

export function readGitAiNote(text: string): ReadNote {
  if (text.length > NOTE_LENGTH_MAX) return unreadable('It is too long.');
  const lines = text.split(/\r?\n/);
  const divider = lines.indexOf(DIVIDER);
  if (divider === -1) return unreadable('It has no line `---`.');
  const read = metadata.safeParse(jsonOf(lines.slice(divider + 1).join('\n')));
  if (!read.success) {
    const [issue] = read.error.issues;
    return unreadable(
      `What follows \`---\` is not as ${SCHEMA_VERSION} says: ${issue?.path.join('.')} ${issue?.message}.`,
    );
  }
  const files: { path: string; entries: NotedFile['entries'][number][] }[] = [];
  for (const line of lines.slice(0, divider)) {
    if (line.trim() === '') continue;
    if (!line.startsWith('  ')) {
      files.push({ path: unquoted(line.trimEnd()), entries: [] });
      continue;
    }
    const [key = '', ranges = ''] = line.slice(2).trimEnd().split(' ');
    const parsed = rangesIn(ranges);
    const file = files.at(-1);
    if (file === undefined || parsed === undefined)
      return unreadable(`The line ${JSON.stringify(line.slice(0, 80))} makes no sense.`);
    const author = authorOf(read.data, key);
    // A key that nothing explains is of a commit that is not here: untracked.
    if (author !== null) file.entries.push({ author, lines: parsed });
  }
  return { kind: 'note', note: { commit: read.data.base_commit_sha, files } };
}

/** Who wrote each of the first `count` lines of a file; null: untracked. */
export function noteAuthors(note: GitAiNote, path: string, count: number): readonly (NoteAuthor | null)[] {
  const authors: (NoteAuthor | null)[] = Array.from({ length: count }, () => null);
  for (const { author, lines } of note.files.find((file) => file.path === path)?.entries ?? []) {
    for (const { start, end } of lines) authors.fill(author, Math.min(start - 1, count), Math.min(end, count));
  }
  return authors;
}

export interface LineToNote {
  readonly author: NoteAuthor | null;
  /** What keeps one edit apart from another of the same session: the patch's hash. */
  readonly trace: string;
}

interface WrittenNote {
  readonly text: string;
  /** Paths that the format cannot name. */
  readonly left: readonly string[];
}

/** A note for a commit. `files`: each line of each file, in order. Deterministic. */
export function writeGitAiNote(
  commit: string,
  files: readonly { readonly path: string; readonly lines: readonly LineToNote[] }[],
): WrittenNote {
  const sessions = new Map<string, NoteSession>();
  const humans = new Map<string, NotePerson>();
  const left: string[] = [];
  let text = '';
  for (const { path, lines } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const byKey = new Map<string, number[]>();
    for (const [index, { author, trace }] of lines.entries()) {
      if (author === null) continue;
      const key = keyOf(author, trace);
      if (author.kind === 'ai') sessions.set(sessionKey(author), author);
      else humans.set(key, author);
      byKey.set(key, [...(byKey.get(key) ?? []), index + 1]);
    }
    if (byKey.size === 0) continue;
    if (/["\n\r]/.test(path) || path === DIVIDER) {
      left.push(path);
      continue;
    }
    text += `${/\s/.test(path) ? `"${path}"` : path}\n`;
    for (const [key, numbers] of [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)))
      text += `  ${key} ${rangesText(numbers)}\n`;
  }
  const sorted = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const json = {
    schema_version: SCHEMA_VERSION,
    base_commit_sha: commit,
    prompts: {},
    ...(humans.size === 0
      ? {}
      : { humans: Object.fromEntries(sorted(humans).map(([key, { author }]) => [key, { author }])) }),
    ...(sessions.size === 0
      ? {}
      : { sessions: Object.fromEntries(sorted(sessions).map(([key, each]) => [key, sessionJson(each)])) }),
  };
  return { text: `${text}${DIVIDER}\n${JSON.stringify(json, null, 2)}`, left };
}

const unreadable = (why: string): ReadNote => ({ kind: 'unreadable', why });

function authorOf({ sessions, humans, prompts }: Metadata, key: string): NoteAuthor | null {
  if (key.startsWith('h_')) {
    const human = Object.hasOwn(humans, key) ? humans[key] : undefined;
    return human === undefined ? null : { kind: 'human', author: human.author };
  }
  const [id = ''] = key.split('::');
  const table = key.startsWith('s_') ? sessions : prompts;
  const found = Object.hasOwn(table, id) ? table[id] : undefined;
  if (found === undefined) return null;
  const { agent_id, human_author, custom_attributes } = found;
  return {
    kind: 'ai',
    tool: OUR_TOOL[agent_id.tool] ?? agent_id.tool,
    sessionId: agent_id.id,
    model: agent_id.model === '' || agent_id.model === 'unknown' ? null : agent_id.model,
    provider: custom_attributes?.[PROVIDER_ATTRIBUTE] ?? null,
    person: human_author ?? null,
  };
}

const sessionJson = (author: NoteSession): object => ({
  agent_id: { tool: THEIR_TOOL[author.tool] ?? author.tool, id: author.sessionId, model: author.model ?? 'unknown' },
  ...(author.person === null ? {} : { human_author: author.person }),
  ...(author.provider === null ? {} : { custom_attributes: { [PROVIDER_ATTRIBUTE]: author.provider } }),
});

const THEIR_TOOL: Readonly<Record<string, string>> = { 'claude-code': 'claude' };
const OUR_TOOL: Readonly<Record<string, string>> = {
  claude: 'claude-code',
  'github-copilot': 'copilot',
  'github-copilot-cli': 'copilot',
};

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 14);
const sessionKey = ({ tool, sessionId }: NoteSession): string =>
  `s_${shortHash(`${THEIR_TOOL[tool] ?? tool}:${sessionId}`)}`;
const keyOf = (author: NoteAuthor, trace: string): string =>
  author.kind === 'human' ? `h_${shortHash(author.author)}` : `${sessionKey(author)}::t_${shortHash(trace)}`;

const unquoted = (line: string): string =>
  line.length >= 2 && line.startsWith('"') && line.endsWith('"') ? line.slice(1, -1) : line;

/** `1-4,9`; undefined when it is none. */
function rangesIn(text: string): readonly LineRange[] | undefined {
  if (!/^\d{1,9}(?:-\d{1,9})?(?:,\d{1,9}(?:-\d{1,9})?)*$/.test(text)) return undefined;
  const ranges = text.split(',').map((part) => {
    const [start = 0, end = start] = part.split('-').map(Number);
    return { start, end };
  });
  return ranges.every(({ start, end }) => start >= 1 && end >= start) ? ranges : undefined;
}

function rangesText(numbers: readonly number[]): string {
  const ranges: { start: number; end: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.end === number - 1) last.end = number;
    else ranges.push({ start: number, end: number });
  }
  return ranges.map(({ start, end }) => (start === end ? `${start}` : `${start}-${end}`)).join(',');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said in the answer: the note is unreadable.
    return undefined;
  }
}
