// The settings by which an agent calls `atomic hook AGENT EVENT`, merged into what the person's file says already.
// Rule: nothing in the file is lost or reordered; a file that is not plain JSON is left alone and said so. Every command
// asks first whether there is a repository, prints nothing, and always ends with 0: the agent notices nothing.
// Not here: reading and writing the file.

import type { AgentName } from './agents.ts';

interface HookSettings {
  /** From the top of the working copy. */
  readonly path: string;
  /** What a person has to do besides; '' when nothing. */
  readonly note: string;
  /** Event of the agent → the tools it is asked for (a pattern), or null for an event without tools. */
  readonly events: readonly (readonly [event: string, tools: string | null])[];
  readonly form: 'grouped' | 'flat' | 'shells';
  /** Beside `hooks`. */
  readonly beside: Readonly<Record<string, number>>;
  /** In the unit of this agent's settings; null where versions differ in it. */
  readonly timeout: number | null;
  /** The variable in which the agent tells the top of the project; null: its commands start there. */
  readonly top: string | null;
}

/** A hook takes some 50 ms; an agent that waits longer than this for a stuck disk goes on without it. */
const TIMEOUT_SECONDS = 10;

const SETTINGS: Readonly<Record<Exclude<AgentName, 'generic'>, HookSettings>> = {
  'claude-code': {
    path: '.claude/settings.json',
    top: 'CLAUDE_PROJECT_DIR',
    note: '',
    form: 'grouped',
    beside: {},
    timeout: TIMEOUT_SECONDS,
    events: [
      ['SessionStart', null],
      ['UserPromptSubmit', null],
      ['PreToolUse', 'Write|Edit|MultiEdit|NotebookEdit|Bash'],
      ['PostToolUse', 'Write|Edit|MultiEdit|NotebookEdit|Bash'],
      ['Stop', null],
      ['SubagentStop', null],
      ['SessionEnd', null],
    ],
  },
  cursor: {
    path: '.cursor/hooks.json',
    top: 'CURSOR_PROJECT_DIR',
    note: '',
    form: 'flat',
    beside: { version: 1 },
    timeout: null,
    events: [
      ['sessionStart', null],
      ['beforeSubmitPrompt', null],
      ['preToolUse', 'Write|StrReplace|ApplyPatch|Delete|Shell'],
      ['postToolUse', 'Write|StrReplace|ApplyPatch|Delete|Shell'],
      ['afterFileEdit', null],
      ['afterTabFileEdit', null],
      ['stop', null],
      ['sessionEnd', null],
    ],
  },
  copilot: {
    path: '.github/hooks/atomic.json',
    top: null,
    note: '',
    form: 'shells',
    beside: { version: 1 },
    timeout: TIMEOUT_SECONDS,
    events: [
      ['sessionStart', null],
      ['userPromptSubmitted', null],
      ['preToolUse', null],
      ['postToolUse', null],
      ['agentStop', null],
      ['sessionEnd', null],
    ],
  },
  codex: {
    path: '.codex/hooks.json',
    top: null,
    note: 'Codex runs hooks only with `hooks = true` under `[features]` in its config.toml, and in a folder it trusts.',
    form: 'grouped',
    beside: {},
    timeout: TIMEOUT_SECONDS,
    events: [
      ['SessionStart', null],
      ['UserPromptSubmit', null],
      ['PreToolUse', '.*'],
      ['PostToolUse', '.*'],
      ['Stop', null],
    ],
  },
  gemini: {
    path: '.gemini/settings.json',
    top: 'GEMINI_PROJECT_DIR',
    note: '',
    form: 'grouped',
    beside: {},
    timeout: TIMEOUT_SECONDS * 1000,
    events: [
      ['SessionStart', null],
      ['BeforeAgent', null],
      ['BeforeTool', 'write_file|replace|run_shell_command'],
      ['AfterTool', 'write_file|replace|run_shell_command'],
      ['AfterAgent', null],
      ['SessionEnd', null],
    ],
  },
};

export type InstalledHooks =
  | { readonly kind: 'written'; readonly path: string; readonly text: string; readonly note: string }
  | { readonly kind: 'unchanged'; readonly path: string; readonly note: string }
  /** The file is left as it is. */
  | { readonly kind: 'unreadable'; readonly path: string; readonly why: string }
  | { readonly kind: 'no-settings'; readonly why: string };

/** `existing`: the text of the file, or null when there is none. */
export function installHooks(agent: AgentName, existing: string | null): InstalledHooks {
  if (agent === 'generic') {
    return { kind: 'no-settings', why: 'Let its hook call `atomic hook generic EVENT` with JSON on standard input.' };
  }
  const settings = SETTINGS[agent];
  const { path, note } = settings;
  const read = existing === null || existing.trim() === '' ? {} : jsonOf(existing);
  if (!isTable(read)) return { kind: 'unreadable', path, why: `${path} is not a JSON object (comments are not JSON).` };
  const before = read['hooks'] ?? {};
  if (!isTable(before)) return { kind: 'unreadable', path, why: `\`hooks\` in ${path} is not an object.` };
  const wrong = settings.events.find(([event]) => event in before && !Array.isArray(before[event]));
  if (wrong !== undefined) return { kind: 'unreadable', path, why: `\`hooks.${wrong[0]}\` in ${path} is not a list.` };
  const hooks = { ...before };
  for (const [event, tools] of settings.events) {
    const list: unknown = before[event];
    hooks[event] = withEntry(agent, event, Array.isArray(list) ? list : [], entryFor(agent, settings, event, tools));
  }
  const merged = { ...settings.beside, ...read, hooks };
  if (JSON.stringify(merged) === JSON.stringify(read)) return { kind: 'unchanged', path, note };
  return { kind: 'written', path, text: `${JSON.stringify(merged, null, indentOf(existing))}\n`, note };
}

/** Where the settings of an agent are; undefined for an agent that has none. */
export const hookSettingsPath = (agent: AgentName): string | undefined =>
  agent === 'generic' ? undefined : SETTINGS[agent].path;

/** What an agent's shell runs, from wherever the agent is at that moment. */
export function hookCommand(agent: AgentName, event: string): string {
  const top = agent === 'generic' ? null : SETTINGS[agent].top;
  const there = top === null ? '' : `cd "\${${top}:-.}" && `;
  return `{ ${there}test -d .atomic && ${calling(agent, event)}; } >/dev/null 2>&1 || true`;
}

const calling = (agent: AgentName, event: string): string => `atomic hook ${agent} ${event}`;

type Table = Readonly<Record<string, unknown>>;

function entryFor(agent: AgentName, { form, timeout }: HookSettings, event: string, tools: string | null): Table {
  const command = hookCommand(agent, event);
  const matcher = tools === null ? {} : { matcher: tools };
  const limit = timeout === null ? {} : { timeout };
  switch (form) {
    case 'grouped':
      return { ...matcher, hooks: [{ type: 'command', command, ...limit }] };
    case 'flat':
      return { command, ...matcher, ...limit };
    case 'shells': {
      const powershell = `if (Test-Path .atomic) { $input | ${calling(agent, event)} *> $null }; exit 0`;
      return { type: 'command', bash: command, powershell, timeoutSec: timeout };
    }
  }
}

/** Our entry takes the place of an earlier one of ours, or stands behind those of others. */
function withEntry(agent: AgentName, event: string, list: readonly unknown[], entry: Table): readonly unknown[] {
  const isOurs = (each: unknown): boolean => JSON.stringify(each).includes(calling(agent, event));
  const place = list.findIndex(isOurs);
  if (place === -1) return [...list, entry];
  const found = list[place];
  // A group that holds hooks of others too keeps them; only our command in it is made current.
  const inner = isTable(found) && Array.isArray(found['hooks']) ? found['hooks'] : null;
  const isShared = inner !== null && inner.some((each) => !isOurs(each));
  const ours = Array.isArray(entry['hooks']) ? entry['hooks'] : [];
  const current =
    isShared && isTable(found) ? { ...found, hooks: [...inner.filter((each) => !isOurs(each)), ...ours] } : entry;
  return list.map((each, at) => (at === place ? current : each)).filter((each, at) => at === place || !isOurs(each));
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said in the answer: the file is left alone.
    return undefined;
  }
}

/** As the file is indented now: two spaces unless its first indented line says otherwise. */
const indentOf = (existing: string | null): string => /\n([ \t]+)"/.exec(existing ?? '')?.[1] ?? '  ';
