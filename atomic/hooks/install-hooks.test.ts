import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { AGENT_NAMES, agentCalled } from './agents.ts';
import { hookCommand, hookSettingsPath, installHooks } from './install-hooks.ts';

const WITH_SETTINGS = AGENT_NAMES.filter((agent) => agent !== 'generic');

function textOf(agent: (typeof AGENT_NAMES)[number], existing: string | null): string {
  const installed = installHooks(agent, existing);
  if (installed.kind !== 'written') throw new Error(installed.kind);
  return installed.text;
}

test.each(WITH_SETTINGS)(
  '%s is told only events that its table knows, by a guarded command that always ends well',
  (agent) => {
    const written = JSON.parse(textOf(agent, null)) as { hooks: Record<string, unknown> };
    for (const [event, entries] of Object.entries(written.hooks)) {
      expect(Object.keys(agentCalled(agent)?.events ?? {})).toContain(event);
      expect(JSON.stringify(entries)).toContain(
        `test -d .atomic && atomic hook ${agent} ${event}; } >/dev/null 2>&1 || true`,
      );
    }
  },
);

test.each(WITH_SETTINGS)('installing the hooks of %s again changes nothing', (agent) => {
  expect(installHooks(agent, textOf(agent, null)).kind).toBe('unchanged');
});

test('the command runs only where a repository is, from any folder, silently, and always ends with 0', () => {
  const place = mkdtempSync(join(tmpdir(), 'hooks-'));
  try {
    const bin = join(place, 'bin');
    mkdirSync(bin);
    mkdirSync(join(place, 'inside'));
    // Tells that it ran by a file, prints, and fails.
    writeFileSync(join(bin, 'atomic'), '#!/bin/sh\ncat > "$PWD/ran-$3"\necho loud\nexit 3\n', { mode: 0o755 });
    writeFileSync(join(place, 'payload'), '{}');
    const run = (event: string, path: string): string =>
      execFileSync('/bin/sh', ['-c', hookCommand('claude-code', event)], {
        cwd: join(place, 'inside'),
        env: { PATH: path, CLAUDE_PROJECT_DIR: place },
        // A file, because a pipe breaks when the command does not care to read it.
        stdio: [openSync(join(place, 'payload'), 'r'), 'pipe', 'inherit'],
        encoding: 'utf8',
      });
    expect(run('Stop', `${bin}:/usr/bin:/bin`)).toBe('');
    expect(existsSync(join(place, 'ran-Stop'))).toBe(false);
    mkdirSync(join(place, '.atomic'));
    expect(run('SessionEnd', '/nowhere')).toBe('');
    expect(run('Stop', `${bin}:/usr/bin:/bin`)).toBe('');
    expect(readFileSync(join(place, 'ran-Stop'), 'utf8')).toBe('{}');
  } finally {
    rmSync(place, { recursive: true });
  }
});

test('everything that was in the file stays, in its order and with its indentation', () => {
  const existing = `{
\t"permissions": { "allow": ["Bash(npm test)"] },
\t"hooks": {
\t\t"PreToolUse": [{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "./guard.sh" }] }],
\t\t"Notification": [{ "hooks": [{ "type": "command", "command": "notify-send" }] }]
\t},
\t"model": "opus"
}
`;
  const text = textOf('claude-code', existing);
  const merged = JSON.parse(text) as Record<string, Record<string, unknown[]>>;
  expect(Object.keys(merged)).toEqual(['permissions', 'hooks', 'model']);
  expect(merged['permissions']).toEqual({ allow: ['Bash(npm test)'] });
  expect(merged['hooks']?.['Notification']).toHaveLength(1);
  expect(merged['hooks']?.['PreToolUse']?.[0]).toEqual({
    matcher: 'Bash',
    hooks: [{ type: 'command', command: './guard.sh' }],
  });
  expect(merged['hooks']?.['PreToolUse']).toHaveLength(2);
  expect(text).toContain('\n\t"permissions"');
});

test('an older entry of ours is made current where it stands, and what shares its group stays', () => {
  const old = { type: 'command', command: 'atomic hook claude-code PreToolUse' };
  const other = { type: 'command', command: './guard.sh' };
  const existing = JSON.stringify({
    hooks: {
      PreToolUse: [{ matcher: 'Edit', hooks: [old, other] }],
      Stop: [{ hooks: [{ ...old, command: 'atomic hook claude-code Stop' }] }],
    },
  });
  const merged = JSON.parse(textOf('claude-code', existing)) as { hooks: Record<string, unknown[]> };
  expect(merged.hooks['PreToolUse']).toEqual([
    {
      matcher: 'Edit',
      hooks: [other, { type: 'command', command: hookCommand('claude-code', 'PreToolUse'), timeout: 10 }],
    },
  ]);
  expect(merged.hooks['Stop']).toEqual([
    { hooks: [{ type: 'command', command: hookCommand('claude-code', 'Stop'), timeout: 10 }] },
  ]);
});

test('entries of ours that were installed twice become one', () => {
  const ours = { hooks: [{ type: 'command', command: 'atomic hook codex Stop' }] };
  const merged = JSON.parse(textOf('codex', JSON.stringify({ hooks: { Stop: [ours, ours] } }))) as {
    hooks: Record<string, unknown[]>;
  };
  expect(merged.hooks['Stop']).toHaveLength(1);
});

test.each([
  ['{ // mine\n "hooks": {} }', 'not a JSON object'],
  ['[]', 'not a JSON object'],
  ['{"hooks": []}', '`hooks` in'],
  ['{"hooks": {"Stop": {}}}', '`hooks.Stop` in'],
])('a file that cannot be merged is left alone, and it is said why: %s', (existing, why) => {
  expect(installHooks('claude-code', existing)).toEqual({
    kind: 'unreadable',
    path: '.claude/settings.json',
    why: expect.stringContaining(why),
  });
});

test('each agent has its own file; an agent without an entry is told how to call', () => {
  expect(WITH_SETTINGS.map((agent) => hookSettingsPath(agent))).toEqual([
    '.claude/settings.json',
    '.cursor/hooks.json',
    '.github/hooks/atomic.json',
    '.codex/hooks.json',
    '.gemini/settings.json',
  ]);
  expect(installHooks('generic', null)).toMatchObject({ kind: 'no-settings' });
  expect(JSON.parse(textOf('cursor', null))).toMatchObject({ version: 1 });
  expect(textOf('copilot', null)).toContain('if (Test-Path .atomic)');
});
