// The agents whose hooks Atomic understands, as data: which of their events is which of six, and where in the payload
// the session, the model, the tool and its files stand. A new agent is a new entry here, and no code.
// Sources: the hook references of Claude Code, Cursor, GitHub Copilot CLI, Codex (its generated schemas) and Gemini CLI.
// Not here: reading a payload (read-hook-event.ts), writing settings (install-hooks.ts).

export const AGENT_NAMES = ['claude-code', 'cursor', 'copilot', 'codex', 'gemini', 'generic'] as const;
export type AgentName = (typeof AGENT_NAMES)[number];

export const HOOK_KINDS = ['session-start', 'turn-start', 'pre-tool', 'post-tool', 'turn-end', 'session-end'] as const;
export type HookKind = (typeof HOOK_KINDS)[number];

/** What a tool may do to files. `unknown`: a tool that is not listed; its checkpoint is taken all the same. */
export type ToolEffect = 'edits' | 'runs' | 'reads' | 'unknown';

/**
 * JSON pointers (RFC 6901); the first that leads to a text wins. `*` stands for every element of a list. A pointer goes
 * on inside a text that is JSON itself.
 */
type Pointers = readonly string[];

export interface HookAgent {
  readonly name: AgentName;
  /** What people call it. */
  readonly title: string;
  readonly aliases: readonly string[];
  /** Whose models it uses, unless a model's own name says otherwise. Null: of several. */
  readonly provider: string | null;
  /** By the agent's own name of the event. */
  readonly events: Readonly<Record<string, HookKind>>;
  readonly at: {
    readonly event: Pointers;
    readonly sessionId: Pointers;
    readonly turn: Pointers;
    readonly model: Pointers;
    readonly toolVersion: Pointers;
    readonly mode: Pointers;
    readonly subagent: Pointers;
    readonly toolName: Pointers;
    readonly toolUseId: Pointers;
    readonly prompt: Pointers;
    readonly transcript: Pointers;
    readonly cwd: Pointers;
    /** All of these that are there count. */
    readonly paths: Pointers;
    /** Texts in which `*** Update File: …` names files. */
    readonly patches: Pointers;
  };
  /** Where the lines of a transcript name their model. */
  readonly transcriptModel: Pointers;
  readonly tools: {
    readonly edits: readonly string[];
    readonly runs: readonly string[];
    readonly reads: readonly string[];
  };
  /** Events that are a tool's call without a tool's name. */
  readonly impliedTools: Readonly<Record<string, string>>;
  /** Pointers that only payloads of other agents have, which may share this one's settings. */
  readonly foreign: Pointers;
}

const CLAUDE_SHAPE = {
  event: ['/hook_event_name', '/hookEventName'],
  sessionId: ['/session_id', '/sessionId'],
  turn: ['/prompt_id', '/turn_id'],
  model: ['/model', '/model/id'],
  toolVersion: ['/version'],
  mode: ['/permission_mode'],
  subagent: ['/agent_type', '/agent_id'],
  toolName: ['/tool_name', '/toolName'],
  toolUseId: ['/tool_use_id', '/toolUseId'],
  prompt: ['/prompt'],
  transcript: ['/transcript_path', '/transcriptPath'],
  cwd: ['/cwd'],
  paths: ['/tool_input/file_path', '/tool_input/notebook_path', '/tool_input/path', '/tool_input/edits/*/file_path'],
  patches: [],
} as const;

const CLAUDE_EVENTS = {
  SessionStart: 'session-start',
  UserPromptSubmit: 'turn-start',
  PreToolUse: 'pre-tool',
  PostToolUse: 'post-tool',
  PostToolUseFailure: 'post-tool',
  Stop: 'turn-end',
  SubagentStop: 'turn-end',
  SessionEnd: 'session-end',
} as const;

const CLAUDE_CODE: HookAgent = {
  name: 'claude-code',
  title: 'Claude Code',
  aliases: ['claude', 'claudecode', 'claude_code'],
  provider: 'anthropic',
  events: CLAUDE_EVENTS,
  at: CLAUDE_SHAPE,
  transcriptModel: ['/message/model'],
  tools: {
    edits: ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
    runs: ['Bash', 'PowerShell'],
    reads: ['Read', 'Glob', 'Grep', 'LS', 'WebFetch', 'WebSearch', 'TodoWrite', 'Task', 'Agent', 'AskUserQuestion'],
  },
  impliedTools: {},
  // Cursor and the Copilot extension run the hooks of Claude Code as well; their own hooks tell more.
  foreign: ['/cursor_version', '/extensionId'],
};

const CURSOR: HookAgent = {
  name: 'cursor',
  title: 'Cursor',
  aliases: ['cursor-agent', 'cursor-cli'],
  provider: null,
  events: {
    sessionStart: 'session-start',
    beforeSubmitPrompt: 'turn-start',
    preToolUse: 'pre-tool',
    beforeShellExecution: 'pre-tool',
    beforeMCPExecution: 'pre-tool',
    postToolUse: 'post-tool',
    postToolUseFailure: 'post-tool',
    afterFileEdit: 'post-tool',
    afterTabFileEdit: 'post-tool',
    afterShellExecution: 'post-tool',
    afterMCPExecution: 'post-tool',
    stop: 'turn-end',
    subagentStop: 'turn-end',
    sessionEnd: 'session-end',
  },
  at: {
    event: ['/hook_event_name'],
    sessionId: ['/conversation_id', '/session_id'],
    turn: ['/generation_id'],
    model: ['/model'],
    toolVersion: ['/cursor_version'],
    mode: ['/composer_mode'],
    subagent: ['/subagent_type'],
    toolName: ['/tool_name'],
    toolUseId: ['/tool_use_id'],
    prompt: ['/prompt'],
    transcript: ['/transcript_path'],
    cwd: ['/cwd', '/workspace_roots/0'],
    paths: [
      '/file_path',
      '/tool_input/file_path',
      '/tool_input/path',
      '/tool_input/filePath',
      '/tool_input/target_file',
    ],
    patches: ['/tool_input/patch', '/tool_input'],
  },
  transcriptModel: ['/model', '/message/model'],
  tools: {
    edits: ['Write', 'Delete', 'StrReplace', 'ApplyPatch', 'MultiEdit', 'Edit', 'afterFileEdit', 'Tab'],
    runs: ['Shell'],
    reads: ['Read', 'Grep', 'Glob', 'LS', 'SemanticSearch', 'WebSearch', 'WebFetch', 'Task', 'TodoWrite'],
  },
  impliedTools: {
    afterFileEdit: 'afterFileEdit',
    afterTabFileEdit: 'Tab',
    beforeShellExecution: 'Shell',
    afterShellExecution: 'Shell',
  },
  foreign: [],
};

const COPILOT: HookAgent = {
  name: 'copilot',
  title: 'GitHub Copilot',
  aliases: ['github-copilot', 'copilot-cli', 'gh-copilot'],
  provider: null,
  events: {
    sessionStart: 'session-start',
    userPromptSubmitted: 'turn-start',
    preToolUse: 'pre-tool',
    postToolUse: 'post-tool',
    postToolUseFailure: 'post-tool',
    agentStop: 'turn-end',
    subagentStop: 'turn-end',
    sessionEnd: 'session-end',
    ...CLAUDE_EVENTS,
    // The other spelling of the same product.
    UserPromptSubmitted: 'turn-start',
    AgentStop: 'turn-end',
  },
  at: {
    event: ['/hook_event_name', '/hookEventName'],
    sessionId: ['/sessionId', '/session_id'],
    turn: ['/turnId', '/turn_id'],
    model: ['/model', '/modelId'],
    toolVersion: ['/copilotVersion'],
    mode: ['/permission_mode', '/mode'],
    subagent: ['/agentName', '/agent_type'],
    toolName: ['/toolName', '/tool_name'],
    toolUseId: ['/toolUseId', '/toolCallId', '/tool_use_id'],
    prompt: ['/prompt', '/initialPrompt', '/initial_prompt'],
    transcript: ['/transcriptPath', '/transcript_path'],
    cwd: ['/cwd', '/workspaceFolder', '/workspace_folder'],
    paths: [
      '/toolArgs/path',
      '/toolArgs/filePath',
      '/toolArgs/file_path',
      '/tool_input/path',
      '/tool_input/filePath',
      '/tool_input/file_path',
      '/tool_input/files/*',
      '/tool_input/replacements/*/filePath',
    ],
    patches: [
      '/toolArgs',
      '/toolArgs/input',
      '/toolArgs/patch',
      '/tool_input',
      '/tool_input/input',
      '/tool_input/patch',
    ],
  },
  transcriptModel: ['/data/newModel', '/data/selectedModel', '/data/model', '/model'],
  tools: {
    edits: [
      'create',
      'edit',
      'str_replace',
      'str_replace_editor',
      'apply_patch',
      'git_apply_patch',
      'create_file',
      'replace_string_in_file',
      'multi_replace_string_in_file',
      'insert_edit_into_file',
      'edit_notebook_file',
      'editFiles',
      'Edit',
      'Write',
      'MultiEdit',
      'NotebookEdit',
    ],
    runs: ['bash', 'powershell', 'Bash', 'PowerShell', 'run_in_terminal', 'runTerminalCommand'],
    reads: [
      'view',
      'read_file',
      'grep',
      'glob',
      'semantic_search',
      'list_dir',
      'Read',
      'Grep',
      'Glob',
      'report_intent',
    ],
  },
  impliedTools: {},
  foreign: [],
};

const CODEX: HookAgent = {
  name: 'codex',
  title: 'Codex',
  aliases: ['openai-codex', 'codex-cli'],
  provider: 'openai',
  events: { ...CLAUDE_EVENTS, 'agent-turn-complete': 'turn-end' },
  at: {
    ...CLAUDE_SHAPE,
    event: ['/hook_event_name', '/type'],
    sessionId: ['/session_id', '/thread_id', '/thread-id', '/hook_event/thread_id'],
    turn: ['/turn_id', '/turn-id'],
    model: ['/model'],
    prompt: ['/prompt', '/input-messages/0'],
    paths: ['/tool_input/path', '/tool_input/file_path'],
    patches: ['/tool_input/command', '/tool_input/patch', '/tool_input/input', '/tool_input', '/tool_response/output'],
  },
  transcriptModel: ['/payload/model', '/payload/model_id', '/payload/modelId'],
  tools: {
    edits: ['apply_patch', 'Edit', 'Write', 'functions.apply_patch'],
    runs: [
      'Bash',
      'shell',
      'shell_command',
      'exec_command',
      'local_shell',
      'functions.shell',
      'multi_tool_use.parallel',
    ],
    reads: ['update_plan', 'view_image', 'web_search'],
  },
  impliedTools: {},
  foreign: ['/cursor_version'],
};

const GEMINI: HookAgent = {
  name: 'gemini',
  title: 'Gemini CLI',
  aliases: ['gemini-cli', 'google-gemini'],
  provider: 'google',
  events: {
    SessionStart: 'session-start',
    BeforeAgent: 'turn-start',
    BeforeTool: 'pre-tool',
    AfterTool: 'post-tool',
    AfterAgent: 'turn-end',
    SessionEnd: 'session-end',
  },
  at: {
    ...CLAUDE_SHAPE,
    event: ['/hook_event_name'],
    model: ['/llm_request/model', '/model'],
    paths: ['/tool_input/file_path', '/tool_input/absolute_path', '/tool_input/path'],
  },
  transcriptModel: ['/model', '/message/model'],
  tools: {
    edits: ['write_file', 'replace', 'edit', 'WriteFile'],
    runs: ['run_shell_command', 'shell'],
    reads: [
      'read_file',
      'read_many_files',
      'glob',
      'list_directory',
      'search_file_content',
      'grep_search',
      'web_fetch',
    ],
  },
  impliedTools: {},
  foreign: [],
};

/** For agents without an entry: their hook writes these names itself. The events are called as the six kinds. */
const GENERIC: HookAgent = {
  name: 'generic',
  title: 'another agent',
  aliases: ['agent', 'other'],
  provider: null,
  events: {},
  at: {
    event: ['/event'],
    sessionId: ['/session_id', '/sessionId'],
    turn: ['/turn'],
    model: ['/model'],
    toolVersion: ['/tool_version'],
    mode: ['/mode'],
    subagent: ['/subagent'],
    toolName: ['/tool_name'],
    toolUseId: ['/tool_use_id'],
    prompt: ['/prompt'],
    transcript: ['/transcript_path'],
    cwd: ['/cwd'],
    paths: ['/file_path', '/paths/*', '/tool_input/file_path'],
    patches: [],
  },
  transcriptModel: ['/message/model', '/model'],
  tools: { edits: ['edit'], runs: ['run'], reads: ['read'] },
  impliedTools: {},
  foreign: [],
};

export const HOOK_AGENTS: readonly HookAgent[] = [CLAUDE_CODE, CURSOR, COPILOT, CODEX, GEMINI, GENERIC];

/** The agent that a person calls so. */
export const agentCalled = (name: string): HookAgent | undefined => {
  const wanted = name.trim().toLowerCase();
  return HOOK_AGENTS.find((agent) => agent.name === wanted || agent.aliases.includes(wanted));
};
