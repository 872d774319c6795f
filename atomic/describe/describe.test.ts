import { manualClock } from 'kernel/basics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { FLAGGED, HOOKED, HUMAN } from '../attribution/sample-attributions.ts';
import {
  HistoryQuery,
  PatchDetail,
  PatchPage,
  RepositoryDetail,
  Tree,
  FileDetail,
  StatisticsDetail,
  Movement,
  PatchGraph,
} from '../protocol/index.ts';
import { applyPatches, unrecordPatches } from '../working-copy/change-channel.ts';
import { shortest } from './graph.ts';
import {
  describeFile,
  describePatch,
  describeRepository,
  describeStatistics,
  describeTree,
  pageOfHistory,
  patchGraph,
  planMovement,
} from './index.ts';
import { ADA, BEN, CART, shopStory, Story } from './story.samples.ts';

let shop: Story;
beforeAll(() => {
  shop = shopStory();
});
afterAll(() => shop[Symbol.dispose]());

const ROUND = 'actor=ai and ai.model=gpt-5';
const clock = manualClock(0);
const page = (query: Partial<HistoryQuery> = {}): PatchPage =>
  pageOfHistory(shop.repository, HistoryQuery.parse(query));
const messages = (query: Partial<HistoryQuery> = {}): readonly string[] =>
  page(query).patches.map(({ message }) => message);

describe('the history', () => {
  test('is newest first, with who wrote each patch and which files it is about', () => {
    const { patches, next } = PatchPage.parse(page());
    expect(patches.map(({ message }) => message)).toEqual(['notes', 'tax', 'round', 'total', 'begin']);
    expect(patches.map(({ who }) => who.actor)).toEqual(['untracked', 'human', 'ai', 'ai', 'human']);
    expect(patches[3]?.who).toMatchObject({
      model: 'anthropic/claude-sonnet-4-5',
      tool: 'claude-code',
      evidence: 'hook',
    });
    expect(patches[1]?.paths).toEqual(['lib', 'lib/tax.js']);
    expect(patches[4]?.isSigned).toBe(true);
    expect(next).toBeNull();
  });

  test('is read on page by page without loss or repeat', () => {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const { patches, next } = page({ limit: 2, ...(before === undefined ? {} : { before }) });
      seen.push(...patches.map(({ message }) => message));
      before = next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(['notes', 'tax', 'round', 'total', 'begin']);
  });

  test.each([
    [{ actor: 'ai' }, ['round', 'total']],
    [{ actor: 'human' }, ['tax', 'begin']],
    [{ actor: 'untracked' }, ['notes']],
    [{ model: 'gpt-5' }, ['round']],
    [{ model: 'OpenAI/GPT-5' }, ['round']],
    [{ author: 'ben@' }, ['notes', 'tax']],
    [{ text: 'TA' }, ['tax', 'total']],
    [{ path: 'lib' }, ['tax']],
    [{ expr: 'file=*.js and not actor=ai' }, ['tax', 'begin']],
    [{ without: 'ai.model=claude-sonnet-4-5' }, ['notes', 'tax', 'begin']],
  ] as const)('is filtered by %j', (query, expected) => expect(messages(query)).toEqual(expected));

  test('says where an expression is wrong', () => {
    expect(() => page({ expr: 'model=x' })).toThrow(/expected/);
  });

  test('of what is outside of a channel has what was left', () => {
    using story = shopStory();
    const { repository } = story;
    expect(pageOfHistory(repository, HistoryQuery.parse({ of: 'outside' })).patches).toEqual([]);
    const command = { channel: 'main', op: 'unrecord', actor: 'Ada', withDependents: false };
    unrecordPatches(repository, [repository.find(story.hash('round'))], command);
    const outside = pageOfHistory(repository, HistoryQuery.parse({ of: 'outside' }));
    expect(outside.patches.map(({ message }) => message)).toEqual(['round']);
  });
});

describe('a patch', () => {
  test('shows what it did, line by line, with who wrote what', () => {
    const detail = PatchDetail.parse(describePatch(shop.repository, { patch: shop.hash('round') }));
    const [change] = detail.changes;
    expect(change).toMatchObject({ path: 'cart.js', from: 'cart.js', kind: 'changed', added: 1, removed: 1 });
    const lines = change?.hunks[0]?.lines.map(({ sign, text, credit }) => [
      sign,
      text,
      credit === null ? null : detail.credits[credit]?.model,
    ]);
    expect(lines).toContainEqual(['-', '  return sum(cart);', 'anthropic/claude-sonnet-4-5']);
    expect(lines).toContainEqual(['+', '  return Math.round(sum(cart));', 'openai/gpt-5']);
    expect(lines).toContainEqual([' ', 'export function total() {', 'anthropic/claude-sonnet-4-5']);
  });

  test('shows what it builds on, what builds on it, and where it is', () => {
    const detail = describePatch(shop.repository, { patch: shop.hash('total').slice(0, 8) });
    expect(detail.dependencies.patches.map(({ message }) => message)).toEqual(['begin']);
    expect(detail.dependents.patches.map(({ message }) => message)).toEqual(['round']);
    expect(detail).toMatchObject({ isHere: true, channels: ['main'], reviewState: 'unreviewed' });
  });

  test('says who is accountable, what it cost, and why that is believed', () => {
    const { attribution } = describePatch(shop.repository, { patch: shop.hash('total') });
    expect(attribution).toMatchObject({
      accountable: { name: 'Ada' },
      agent: { tool: 'claude-code' },
      tokens: 12_800,
      costMicroUsd: 51_000,
      kept: 'kept',
    });
    expect(attribution.because).toMatch(/hooks/);
    expect(describePatch(shop.repository, { patch: shop.hash('notes') }).attribution).toMatchObject({
      kept: 'none',
      sentence: 'untracked',
    });
  });

  test('says of each signature whether it holds', () => {
    const { signatures } = describePatch(shop.repository, { patch: shop.hash('begin') });
    expect(signatures).toEqual([{ key: expect.stringMatching(/^[a-z2-7]{26}$/), isValid: true }]);
  });

  test('that deletes, moves or only brings data says so', () => {
    using story = shopStory();
    story.remove('notes.txt');
    story.move('lib/tax.js', 'lib/vat.js');
    story.write('logo.png', Buffer.from([137, 80, 0, 1, 2]));
    story.tell('tidy', BEN, HUMAN);
    const { changes } = describePatch(story.repository, { patch: story.hash('tidy') });
    expect(changes.map(({ path, from, kind, cut }) => [path, from, kind, cut])).toEqual([
      ['lib/vat.js', 'lib/tax.js', 'moved', null],
      ['logo.png', null, 'added', 'not-text'],
      ['notes.txt', 'notes.txt', 'deleted', null],
    ]);
  });

  test('that is in no channel is shown on what it builds on', () => {
    using story = shopStory();
    const { repository } = story;
    const command = { channel: 'main', op: 'unrecord', actor: 'Ada', withDependents: false };
    unrecordPatches(repository, [repository.find(story.hash('round'))], command);
    const detail = describePatch(repository, { patch: story.hash('round') });
    expect(detail).toMatchObject({ isHere: false, channels: [] });
    expect(detail.changes[0]).toMatchObject({ added: 1, removed: 1 });
  });
});

test('a patch of several hands is credited to each hand', () => {
  using story = new Story();
  story.write('a.txt', 'one\ntwo\n');
  const span = { atom: 2, span: { start: 4, end: 8 } };
  story.tell('both', ADA, { ...FLAGGED, actor: 'mixed', hunks: [{ ...span, actor: 'human' }] });
  const { lines, credits, shares } = describeFile(story.repository, { path: 'a.txt', from: 1 });
  expect(lines?.map(({ text, actor }) => [text, actor])).toEqual([
    ['one', 'mixed'],
    ['two', 'human'],
  ]);
  expect(credits.map(({ actor }) => actor)).toEqual(['mixed', 'human']);
  expect(shares).toEqual({ ai: 4, human: 4, untracked: 0 });
});

describe('a file', () => {
  test('has each line with who wrote it, and its shares', () => {
    const file = FileDetail.parse(describeFile(shop.repository, { path: 'cart.js', from: 1 }));
    const by = file.lines?.map(({ text, actor, credits }) => [
      text,
      actor,
      file.credits[credits[0]?.credit ?? -1]?.message,
    ]);
    expect(by).toContainEqual(['export const cart = [];', 'human', 'begin']);
    expect(by).toContainEqual(['  return Math.round(sum(cart));', 'ai', 'round']);
    expect(file.shares.ai + file.shares.human + file.shares.untracked).toBe(file.bytes);
  });

  test('without a model is as it would be had that model never written, with what builds on it gone too', () => {
    const file = describeFile(shop.repository, { path: 'cart.js', from: 1, without: 'ai.model=claude-sonnet-4-5' });
    expect(file.lines?.map(({ text }) => text)).toEqual(CART.slice(0, -1));
    expect(file.leftOut).toEqual({ chosen: 1, dependents: 1 });
    const less = describeFile(shop.repository, { path: 'cart.js', from: 1, without: ROUND });
    expect(less.lines?.map(({ text }) => text)).toContain('  return sum(cart);');
  });

  test('is read on from a line', () => {
    const { lines, from, linesInAll } = describeFile(shop.repository, { path: 'cart.js', from: 7 });
    expect({ first: lines?.[0]?.text, from, linesInAll }).toEqual({
      first: 'export function total() {',
      from: 7,
      linesInAll: 9,
    });
  });

  test('that is none is named', () => {
    expect(() => describeFile(shop.repository, { path: 'lib', from: 1 })).toThrow(/not tracked/);
  });

  test('in conflict has its markers, which are nobody’s, and its sides', () => {
    using story = conflictStory();
    const file = describeFile(story.repository, { path: 'a.txt', from: 1 });
    expect(file.conflicts).toMatchObject([{ kind: 'order', sides: [[expect.any(String)], [expect.any(String)]] }]);
    const inside = file.lines?.filter(({ conflict }) => conflict === 0) ?? [];
    expect(inside.filter(({ credits }) => credits.length === 0)).toHaveLength(3);
    expect(
      inside
        .filter(({ credits }) => credits.length > 0)
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['2 ada', '2 ben']);
    expect(describeRepository(story.repository, {})).toMatchObject({ conflictsInAll: 1 });
  });
});

/** Ada and Ben change the same line, each in a channel of their own; then both are in main. */
function conflictStory(): Story {
  const story = new Story();
  const { repository } = story;
  story.write('a.txt', '1\n2\n3\n');
  story.tell('base', ADA, HUMAN);
  repository.store.write({ op: 'channel fork', args: {}, actor: 'Ada' }, (tx) => tx.forkChannel('main', 'ben'));
  story.write('a.txt', '1\n2 ada\n3\n');
  story.tell('ada', ADA, HUMAN);
  const ada = repository.find(story.hash('ada'));
  story.unrecord(ada);
  story.write('a.txt', '1\n2 ben\n3\n');
  story.tell('ben', BEN, HOOKED);
  applyPatches(repository, [ada], { channel: 'main', op: 'apply', actor: 'Ada' });
  return story;
}

test('the tree lists files and folders, and what it would be without a person', () => {
  const tree = Tree.parse(describeTree(shop.repository, {}));
  expect(tree.entries.map(({ path }) => path)).toEqual(['README.md', 'cart.js', 'lib', 'lib/tax.js', 'notes.txt']);
  const without = describeTree(shop.repository, { without: 'author=ben' });
  expect(without.entries.map(({ path }) => path)).toEqual(['README.md', 'cart.js']);
});

test('a repository is counted by class and by model', () => {
  const detail = describeRepository(shop.repository, {});
  const repository = { id: 'x', name: 'shop', path: '/shop', registeredAt: new Date(0).toISOString() };
  expect(RepositoryDetail.parse({ repository, ...detail })).toMatchObject({
    current: 'main',
    counts: { ai: 2, human: 2, untracked: 1 },
    models: [
      { model: 'anthropic/claude-sonnet-4-5', patches: 1 },
      { model: 'openai/gpt-5', patches: 1 },
    ],
    conflictsInAll: 0,
  });
});

test('statistics count every byte that is there once', () => {
  const all = StatisticsDetail.parse(describeStatistics(shop.repository, {}, clock));
  const bytes = ['README.md', 'cart.js', 'lib/tax.js', 'notes.txt'].map((path) => shop.read(path).length);
  expect(all.shares.ai + all.shares.human + all.shares.untracked).toBe(bytes.reduce((a, b) => a + b));
  expect(all.shares.untracked).toBe('remember\n'.length);
  expect(all.files.map(({ path }) => path)).toEqual(['README.md', 'cart.js', 'lib/tax.js', 'notes.txt']);
  expect(all.models.map(({ model }) => model)).toEqual(['openai/gpt-5', 'anthropic/claude-sonnet-4-5']);
  expect(all.authors.map(({ name }) => name)).toEqual(['Ada', 'Ben']);
});

test('the graph has what builds on what, without shortcuts', () => {
  const { nodes, edges, others } = PatchGraph.parse(patchGraph(shop.repository, { limit: 4 }));
  expect(nodes.map(({ message }) => message)).toEqual(['notes', 'tax', 'round', 'total']);
  expect(edges).toEqual([{ from: shop.hash('round'), to: shop.hash('total') }]);
  expect(others).toBe(1);
  expect(patchGraph(shop.repository, { limit: 50, actor: 'ai' }).nodes).toHaveLength(2);
});

test('an edge that others say already is left out', () => {
  const dependencies: Record<number, readonly number[]> = { 1: [], 2: [1], 3: [1, 2], 4: [1, 3] };
  expect(shortest([4, 3, 2, 1], (patch) => dependencies[patch] ?? [])).toEqual([
    [2, 1],
    [3, 2],
    [4, 3],
  ]);
});

describe('a movement', () => {
  const plan = (query: Partial<Parameters<typeof planMovement>[1]>) =>
    planMovement(shop.repository, { direction: 'leave', channel: 'main', patches: [], ...query });

  test('explains which patches leave along, and why', () => {
    const { movement, patches } = plan({ expr: 'ai.model=claude-sonnet-4-5' });
    expect(Movement.parse(movement)).toMatchObject({
      outcome: 'needs-dependents',
      askedInAll: 1,
      alsoInAll: 1,
      paths: ['cart.js'],
      isCurrent: true,
      conflictsBefore: 0,
      conflictsAfter: 0,
    });
    expect(movement.also[0]).toMatchObject({
      patch: { message: 'round' },
      because: [{ message: 'total', paths: ['cart.js'] }],
    });
    expect(patches).toEqual([]);
  });

  test('with what builds on it is planned as a whole', () => {
    const { movement, patches } = plan({ patches: [shop.hash('total')], withDependents: true });
    expect(movement.outcome).toBe('planned');
    expect(patches).toHaveLength(2);
  });

  test('of what is not there is nothing', () => {
    expect(plan({ expr: 'author=nobody' }).movement.outcome).toBe('nothing');
    expect(plan({ direction: 'take', patches: [shop.hash('tax')] }).movement.outcome).toBe('nothing');
  });

  test('takes with a patch what it needs', () => {
    using story = shopStory();
    const { repository } = story;
    const numbers = ['round', 'total'].map((message) => repository.find(story.hash(message)));
    const command = { channel: 'main', op: 'unrecord', actor: 'Ada', withDependents: true };
    unrecordPatches(repository, numbers, command);
    const { movement } = planMovement(repository, {
      direction: 'take',
      channel: 'main',
      patches: [story.hash('round')],
    });
    expect(movement.also).toMatchObject([{ patch: { message: 'total' }, because: [{ message: 'round' }] }]);
  });

  test('says what would be in conflict', () => {
    using story = conflictStory();
    const query = { direction: 'leave', channel: 'main', patches: [story.hash('ada')] } as const;
    expect(planMovement(story.repository, query).movement).toMatchObject({ conflictsBefore: 1, conflictsAfter: 0 });
  });
});
