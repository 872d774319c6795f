import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualClock, microdollars } from 'kernel/basics';
import { expect, test } from 'vitest';

import { decodeAttribution } from '../attribution/decode-attribution.ts';
import { initRepository, type Repository } from '../repository/repository.ts';
import { keepEdit } from './keep-edit.ts';
import { recordAs, type RecordAs } from './record-as.ts';

function inRepository(work: (repository: Repository) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'atomic-as-'));
  const repository = initRepository(root, { clock: manualClock() });
  try {
    work(repository);
  } finally {
    repository.close();
    rmSync(root, { recursive: true });
  }
}

const SAID: RecordAs = {
  message: 'Upgrade left-pad',
  author: { name: 'Ada', email: 'ada@example.org' },
  agent: { tool: 'tandem-modernizer', sessionId: 'run-7' },
  model: { provider: 'anthropic', model: 'claude-opus-4-5' },
  suggestion: 'refactor',
  confidence: 0.9,
  prompt: 'Upgrade it',
  tokens: { kind: 'split', input: 10, output: 20, reasoning: 3, cacheRead: 4, cacheWrite: 5 },
  cost: microdollars(1234),
};

test('a program that wrote code itself says what it knows, and it is kept', () => {
  inRepository((repository) => {
    writeFileSync(join(repository.root, 'package.json'), '{}\n');
    const outcome = recordAs(repository, SAID);
    const number = outcome.kind === 'recorded' ? outcome.number : 0;
    const bytes = repository.store.attributions.of(number);
    expect(decodeAttribution(bytes?.blob ?? Buffer.alloc(0)).attribution).toMatchObject({
      actor: 'ai',
      source: {
        evidence: 'hook',
        agent: { tool: 'tandem-modernizer', sessionId: 'run-7' },
        model: { model: 'claude-opus-4-5' },
      },
      suggestion: 'refactor',
      confidence: 9000,
      tokens: { input: 10, output: 20, reasoning: 3 },
      cost: 1234,
      prompt: { level: 'hash' },
    });
    expect(repository.store.attributions.prompts()).toMatchObject([{ level: 'hash', body: null, references: 1 }]);
  });
});

test('what a person was seen to write in the same file stays that person’s', () => {
  inRepository((repository) => {
    writeFileSync(join(repository.root, 'a.txt'), 'one\n');
    recordAs(repository, SAID);
    writeFileSync(join(repository.root, 'a.txt'), 'one\nby a person\n');
    const edit = { path: 'a.txt', lines: [], actor: 'human', editor: 'zed', model: null, at: null } as const;
    keepEdit(repository.root, edit, repository.clock.now());
    const outcome = recordAs(repository, SAID);
    const number = outcome.kind === 'recorded' ? outcome.number : 0;
    expect(repository.store.attributions.labelsOf(number)).toMatchObject({ actor: 'human', evidence: 'editor' });
    expect(recordAs(repository, SAID).kind).toBe('nothing');
  });
});
