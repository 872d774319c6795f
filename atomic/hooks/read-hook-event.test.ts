import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { BUILT_IN_REGISTRY } from '../attribution/registry.ts';

import { writerOf } from './agent-writer.ts';
import { AGENT_NAMES, agentCalled, HOOK_AGENTS, HOOK_KINDS } from './agents.ts';
import { textsAt } from './json-pointer.ts';
import { PAYLOAD_LENGTH_MAX, readHookEvent } from './read-hook-event.ts';
import { modelFromTranscript, TAIL_BYTES_MAX } from './transcript-model.ts';

interface HookCase {
  readonly event: string;
  readonly payload: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
}

const cases = AGENT_NAMES.flatMap((agent) => {
  const text = readFileSync(new URL(`fixtures/${agent}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as readonly HookCase[]).map((each) => [agent, each.event, each] as const);
});

test.each(cases)('%s tells of %s what its payload says', (agent, event, { payload, expected }) => {
  expect(readHookEvent(agent, event, JSON.stringify(payload))).toMatchObject(expected);
});

test('every event of every table has a payload among the fixtures, or a sibling of its kind', () => {
  for (const agent of HOOK_AGENTS) {
    const seen = new Set(cases.filter(([name]) => name === agent.name).map(([, , { expected }]) => expected['kind']));
    const kinds = new Set(agent.name === 'generic' ? ['post-tool'] : Object.values(agent.events));
    expect([...kinds].filter((kind) => !seen.has(kind) && kind !== 'pre-tool' && kind !== 'session-end')).toEqual([]);
  }
});

test('an agent is found by what people call it', () => {
  expect(agentCalled('claude')?.name).toBe('claude-code');
  expect(agentCalled(' Gemini-CLI ')?.name).toBe('gemini');
  expect(agentCalled('nobody')).toBeUndefined();
  const names = HOOK_AGENTS.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

test('the six kinds are understood of every agent, and the letter case of an event does not matter', () => {
  for (const agent of AGENT_NAMES) {
    for (const kind of HOOK_KINDS) expect(readHookEvent(agent, kind, '{}').kind).toBe(kind);
  }
  expect(readHookEvent('claude', 'posttooluse', '{}').kind).toBe('post-tool');
});

test('the payload’s own name of the event is used when the command’s is unknown', () => {
  expect(readHookEvent('claude', '-', '{"hook_event_name":"Stop"}').kind).toBe('turn-end');
});

test.each([
  ['not JSON', '{"a":'],
  ['a list', '[]'],
  ['a text', '"x"'],
  ['null', 'null'],
])('%s is ignored with a reason', (_name, payload) => {
  expect(readHookEvent('claude', 'Stop', payload)).toEqual({
    kind: 'ignored',
    why: expect.stringContaining('not a JSON object'),
  });
});

test('an unknown agent, an unknown event and a payload without end are ignored with a reason', () => {
  expect(readHookEvent('nobody', 'Stop', '{}')).toMatchObject({ why: 'There is no agent called nobody.' });
  expect(readHookEvent('claude', 'Blink', '{}')).toMatchObject({ why: 'Claude Code has no event Blink.' });
  expect(readHookEvent('claude', 'Stop', ' '.repeat(PAYLOAD_LENGTH_MAX + 1))).toMatchObject({ kind: 'ignored' });
  expect(readHookEvent('claude', 'Stop', '').kind).toBe('turn-end');
});

test('no payload breaks the reader, whatever stands where', () => {
  const anything = fc.jsonValue();
  const shape = fc.record(
    {
      session_id: anything,
      conversation_id: anything,
      tool_name: anything,
      tool_input: anything,
      toolArgs: anything,
      model: anything,
      transcript_path: anything,
      cwd: anything,
      workspace_roots: anything,
      prompt: anything,
    },
    { requiredKeys: [] },
  );
  const agent = fc.constantFrom(...HOOK_AGENTS);
  fc.assert(
    fc.property(agent, fc.nat(), shape, (table, n, payload) => {
      const events = Object.keys(table.events);
      const event = events[n % Math.max(events.length, 1)] ?? 'post-tool';
      expect(readHookEvent(table.name, event, JSON.stringify(payload)).kind).not.toBe('');
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      agent,
      fc.string(),
      fc.string(),
      (table, event, payload) => void readHookEvent(table.name, event, payload),
    ),
  );
});

test('a pointer goes into lists and into JSON inside of a text, and not to what an object inherits', () => {
  const value = { a: '{"b":[{"c":"x"},{"c":"y"}]}', 'e/f': { '~g': 'z' }, n: 7 };
  expect(textsAt(value, '/a/b/*/c', 10)).toEqual(['x', 'y']);
  expect(textsAt(value, '/a/b/1/c', 10)).toEqual(['y']);
  expect(textsAt(value, '/e~1f/~0g', 10)).toEqual(['z']);
  expect(textsAt(value, '/n', 10)).toEqual(['7']);
  expect(textsAt(value, '/constructor/name', 10)).toEqual([]);
  expect(textsAt(value, '/a', 3)).toEqual([]);
  expect(textsAt('{"d":"whole"}', '/d', 10)).toEqual(['whole']);
});

const CLAUDE_LINES = [
  '{"type":"user","message":{"role":"user","content":"model?"}}',
  '{"type":"assistant","message":{"model":"claude-opus-4-5-20251101","role":"assistant","content":[]}}',
  '{"type":"assistant","message":{"model":"claude-sonnet-4-5-20250929","role":"assistant","content":[]}}',
  '{"type":"assistant","message":{"model":"<synthetic>","role":"assistant","content":[]}}',
  '{"type":"last-prompt","lastPrompt":"Which model?"}',
];

test('the model is the one that the end of the transcript names last', () => {
  const read = (text: string) => () => text;
  expect(modelFromTranscript('claude-code', 't', read(CLAUDE_LINES.join('\n')))).toBe('claude-sonnet-4-5-20250929');
  expect(
    modelFromTranscript(
      'claude-code',
      't',
      read(`ssage":{"model":"x"}}\n${CLAUDE_LINES.slice(0, 2).join('\n')}\n{"mod`),
    ),
  ).toBe('claude-opus-4-5-20251101');
  const codex =
    '{"type":"turn_context","payload":{"turn_id":"1","model":"gpt-5.1-codex"}}\n{"type":"response_item","payload":{}}\n';
  expect(modelFromTranscript('codex', 't', read(codex))).toBe('gpt-5.1-codex');
  expect(modelFromTranscript('gemini', 't', read('{"type":"gemini","content":"x","model":"gemini-2.5-flash"}\n'))).toBe(
    'gemini-2.5-flash',
  );
  const copilot = '{"type":"session.model_change","data":{"newModel":"gpt-4.1"}}\n';
  expect(modelFromTranscript('copilot', 't', read(copilot))).toBe('gpt-4.1');
});

test('a transcript that is missing or names no model tells none; only its end is asked for', () => {
  expect(modelFromTranscript('claude-code', 't', () => null)).toBeNull();
  expect(modelFromTranscript('claude-code', 't', () => 'no model here\n{')).toBeNull();
  const asked: number[] = [];
  modelFromTranscript('claude-code', 't', (_path, bytes) => (asked.push(bytes), ''));
  expect(asked).toEqual([TAIL_BYTES_MAX]);
});

test.each([
  ['claude-code', 'claude-opus-4-5', { kind: 'known', provider: 'anthropic', model: 'claude-opus-4-5' }],
  ['copilot', 'gpt-4.1', { kind: 'known', provider: 'openai', model: 'gpt-4.1' }],
  ['copilot', null, { kind: 'untold', provider: 'github' }],
  ['cursor', 'house-model', { kind: 'known', provider: 'cursor', model: 'house-model' }],
  ['codex', null, { kind: 'untold', provider: 'openai' }],
  ['generic', 'acme/coder', { kind: 'known', provider: 'acme', model: 'coder' }],
  ['generic', null, { kind: 'untold', provider: null }],
] as const)('%s with model %s writes as itself', (agent, model, expected) => {
  const event = readHookEvent(agent, 'post-tool', '{"session_id":"s","sessionId":"s","conversation_id":"s"}');
  if (event.kind === 'ignored') throw new Error(event.why);
  const writer = writerOf(event, model, null, BUILT_IN_REGISTRY);
  expect(writer.model).toMatchObject(expected);
  expect(writer.agent).toMatchObject({ tool: agent, sessionId: 's' });
});
