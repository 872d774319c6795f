// Names and addresses under which AI tools sign commits, as data. From the tools' own sources and from public histories.
// Rule: a name alone counts only where no person is called so.

import { modelName, type Model } from './attribution.ts';

export interface KnownBot {
  readonly tool: string;
  /** Whose models it uses; null: of several. */
  readonly provider: string | null;
  readonly emails: readonly RegExp[];
  /** An address that others use too needs a name besides. */
  readonly alsoNamed: RegExp | null;
  readonly names: readonly RegExp[];
}

export const KNOWN_BOTS: readonly KnownBot[] = [
  {
    tool: 'claude-code',
    provider: 'anthropic',
    emails: [/^noreply@anthropic\.com$/i, /^(?:\d+\+)?claude(?:\[bot\])?@users\.noreply\.github\.com$/i],
    alsoNamed: null,
    names: [/^claude\[bot\]$/i],
  },
  {
    tool: 'copilot',
    provider: 'github',
    emails: [/^\d+\+copilot(?:-swe-agent\[bot\])?@users\.noreply\.github\.com$/i, /^copilot@github\.com$/i],
    alsoNamed: null,
    names: [/^copilot-swe-agent\[bot\]$/i, /^github copilot$/i, /^copilot$/i],
  },
  {
    tool: 'cursor',
    provider: 'cursor',
    emails: [/^cursoragent@cursor\.com$/i, /^agent@cursor\.(?:com|sh)$/i],
    alsoNamed: null,
    names: [/^cursor agent$/i, /^cursor\[bot\]$/i],
  },
  {
    tool: 'codex',
    provider: 'openai',
    emails: [/^(?:noreply|codex)@openai\.com$/i, /^\d+\+chatgpt-codex-connector\[bot\]@users\.noreply\.github\.com$/i],
    alsoNamed: null,
    names: [/^(?:openai )?codex$/i, /^chatgpt-codex-connector\[bot\]$/i, /^openai codex\b/i],
  },
  {
    tool: 'gemini',
    provider: 'google',
    emails: [
      /^\d+\+gemini-(?:code-assist|cli)\[bot\]@users\.noreply\.github\.com$/i,
      /^(?:gemini|gemini-cli|gemini-code-assist)@google\.com$/i,
      /^noreply@google\.com$/i,
    ],
    alsoNamed: /gemini/i,
    names: [/^gemini(?: cli| code assist| \d.*)?$/i, /^gemini-(?:code-assist|cli)\[bot\]$/i],
  },
  {
    tool: 'aider',
    provider: null,
    emails: [/^aider@aider\.chat$/i, /^noreply@aider\.(?:chat|dev)$/i],
    alsoNamed: null,
    names: [/\(aider\)\s*$/i, /^aider \([^()]+\)$/i, /^aider$/i],
  },
  {
    tool: 'devin',
    provider: null,
    emails: [/^\d+\+devin-ai-integration\[bot\]@users\.noreply\.github\.com$/i],
    alsoNamed: null,
    names: [/^devin-ai-integration\[bot\]$/i],
  },
  { tool: 'amp', provider: null, emails: [/^amp@ampcode\.com$/i], alsoNamed: null, names: [] },
  { tool: 'opencode', provider: null, emails: [/^noreply@opencode\.ai$/i], alsoNamed: null, names: [] },
  {
    tool: 'qwen-code',
    provider: 'alibaba',
    emails: [/^qwen-coder@alibabacloud\.com$/i],
    alsoNamed: null,
    names: [/^qwen-coder$/i],
  },
];

/** How a tool signs, by its own custom; another one by its name and an address that is nobody's. */
const SIGNATURES: Readonly<Record<string, string>> = {
  'claude-code': 'Claude <noreply@anthropic.com>',
  copilot: 'Copilot <198982749+Copilot@users.noreply.github.com>',
  cursor: 'Cursor Agent <cursoragent@cursor.com>',
  codex: 'Codex <noreply@openai.com>',
  gemini: 'gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>',
  aider: 'aider <aider@aider.chat>',
};

const TOOL_OF_PROVIDER: Readonly<Record<string, string>> = {
  anthropic: 'claude-code',
  github: 'copilot',
  cursor: 'cursor',
  openai: 'codex',
  google: 'gemini',
};

export function coAuthorOf(tool: string | null, model: Model): string {
  const signature = SIGNATURES[tool ?? ''] ?? SIGNATURES[TOOL_OF_PROVIDER[model.provider ?? ''] ?? ''];
  return signature ?? `${modelName(model)} <ai@noreply.invalid>`;
}
