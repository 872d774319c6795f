// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterContextProvider } from '@tanstack/react-router';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { RunEvent } from 'kernel/protocol';
import { foldEvents } from 'modernizer/protocol';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';

import { router } from '../routes.tsx';
import { changed } from '../shell/address-texts.ts';
import { DecisionCard } from './decision-card.tsx';
import { RECORDED, upTo } from './recorded-run.ts';
import { RunDrawing } from './run-page.tsx';
import type { RunSearch } from './run-search.ts';
import { WorkflowGraph } from './workflow-graph.tsx';
import { WorkflowList } from './workflow-list.tsx';
import { stepSentence, workflowSteps } from './workflow-state.ts';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The drawing with an address of its own; what it opened and what it made the address say is heard. */
const draw = (events: readonly RunEvent[], begin: RunSearch = {}) => {
  const view = foldEvents(events);
  const heard = { opened: vi.fn(), search: vi.fn() };
  function Drawing() {
    const [search, setSearch] = useState(begin);
    const onSearch = (news: RunSearch): void => {
      heard.search(news);
      setSearch((now) => changed(now, news));
    };
    return <RunDrawing run="r1" view={view} search={search} onSearch={onSearch} onOpenTrial={heard.opened} />;
  }
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterContextProvider router={router}>
        <Drawing />
      </RouterContextProvider>
    </QueryClientProvider>,
  );
  return heard;
};

test('the list says the same as the graph, at every point of the journal', () => {
  for (let seq = 0; seq <= RECORDED.length; seq += 4) {
    const steps = workflowSteps(foldEvents(RECORDED.slice(0, seq)));
    render(
      <>
        <WorkflowGraph steps={steps} direction="RIGHT" onFailed={() => {}} />
        <WorkflowList steps={steps} />
      </>,
    );
    const graph = screen.getByRole('img', { name: /^Workflow/ }).getAttribute('aria-label');
    const items = within(screen.getByRole('list', { name: 'Workflow' })).getAllByRole('listitem');
    expect(items).toHaveLength(steps.length);
    steps.forEach((step, index) => {
      expect(graph).toContain(stepSentence(step));
      const said = items[index]?.textContent ?? '';
      for (const part of [step.title, step.look.word, step.summary ?? step.task]) expect(said).toContain(part);
    });
    cleanup();
  }
});

test('a finished run shows its result, its upgrades with cause, and its trials', () => {
  draw(RECORDED);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('shop');
  expect(screen.getByText('git fetch /home/runs/r1/repository tandem/r1')).toBeDefined();
  expect(screen.getByText('same tree as trial 1')).toBeDefined();
  expect(screen.getByText(/It became an ES module/)).toBeDefined();
  expect(screen.getByText('Keep it (decided by the owner)')).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  expect(screen.getAllByRole('link', { name: 'Report' })[0]?.getAttribute('href')).toBe(
    '/api/modernizer/runs/r1/report',
  );
});

test('a run that has no event yet shows every part as waiting', () => {
  draw([]);
  expect(screen.getByText('Waiting for somebody to take it up.')).toBeDefined();
  expect(screen.getByText('The planner has not listed them yet.')).toBeDefined();
  expect(screen.getByText(/No trial yet/)).toBeDefined();
});

test('the filter of the upgrades leaves what it names, and a row opens to its evidence and its trial', async () => {
  const user = userEvent.setup();
  const { opened } = draw(RECORDED);
  await user.click(screen.getByRole('radio', { name: /Refused/ }));
  expect(screen.queryByRole('button', { name: /^ms/ })).toBeNull();
  await user.click(screen.getByRole('button', { name: /^chalk/, expanded: false }));
  expect(screen.getByText('evidence/t2')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Open its trial' }));
  expect(opened).toHaveBeenCalledWith('t2');
});

test('a refused upgrade shows its symbol before and after, the lines that use it, and what is not known', () => {
  draw(RECORDED, { upgrade: 'chalk' });
  const detail = within(screen.getByRole('region', { name: 'What changed in chalk' }));
  expect(detail.getByText('chalk.red')).toBeDefined();
  expect(detail.getByText('(text: string) => string')).toBeDefined();
  expect(detail.getByText("console.log(chalk.red('no'));")).toBeDefined();
  expect(detail.getByText('index.js:3')).toBeDefined();
  expect(detail.getByText('its line could not be read')).toBeDefined();
  expect(detail.getByText('and 3 places more')).toBeDefined();
  expect(detail.getByText('And 2 more.')).toBeDefined();
  expect(detail.getByText(/12 names changed; 3 of them used here/)).toBeDefined();
  expect(detail.getByText(/What its makers say of it is not known/)).toBeDefined();
});

test('words in the field leave the upgrades that say them, and the address keeps them', async () => {
  const user = userEvent.setup();
  const { search } = draw(RECORDED);
  await user.type(screen.getByRole('searchbox', { name: /Find an upgrade/ }), 'es mod');
  expect(screen.queryByRole('button', { name: /^ms/ })).toBeNull();
  expect(search).toHaveBeenLastCalledWith({ find: 'es mod' });
  await user.type(screen.getByRole('searchbox', { name: /Find an upgrade/ }), 'x');
  expect(screen.getByText('No upgrade here says “es modx”.')).toBeDefined();
});

test('the cause of a refusal is heard with its row', () => {
  draw(RECORDED);
  const row = screen.getByRole('button', { name: /^chalk/ });
  const cause = document.getElementById(row.getAttribute('aria-describedby') ?? '');
  expect(cause?.textContent).toContain('It became an ES module');
});

test('the tree and the table of trials say the same, and either opens the evidence', async () => {
  const user = userEvent.setup();
  const { opened } = draw(RECORDED);
  const tree = screen.getByRole('list', { name: 'Trials' });
  expect(
    within(tree)
      .getAllByRole('button')
      .map((row) => row.textContent),
  ).toEqual([
    expect.stringContaining('The beginning'),
    expect.stringContaining('trial 1 and chalk'),
    expect.stringContaining('trial 1 and ms'),
  ]);
  await user.click(screen.getByRole('radio', { name: 'Table' }));
  const table = screen.getByRole('table', { name: /Trials/ });
  expect(within(table).getByText('trial 1 and chalk')).toBeDefined();
  await user.click(within(table).getByRole('button', { name: /evidence of trial 2/ }));
  expect(opened).toHaveBeenCalledWith('t2');
});

test('the table is sorted from its headings', async () => {
  const user = userEvent.setup();
  draw(RECORDED);
  const rows = (): readonly string[] => screen.getAllByRole('rowheader').map((cell) => cell.textContent ?? '');
  await user.click(screen.getByRole('button', { name: 'Risk' }));
  expect(screen.getByRole('columnheader', { name: 'Risk' }).getAttribute('aria-sort')).toBe('ascending');
  expect(rows()[0]).toContain('ms');
});

test('a question is answered once, with what was chosen; the default is marked', async () => {
  const user = userEvent.setup();
  const onAnswer = vi.fn();
  const decision = foldEvents(upTo('decision-asked')).decisions[0];
  if (decision === undefined) throw new Error('The recording has a question.');
  const { rerender } = render(<DecisionCard decision={decision} evidence={null} sending={false} onAnswer={onAnswer} />);
  expect(screen.getByRole('radio', { name: 'Keep it' }).getAttribute('aria-checked')).toBe('true');
  expect(screen.getByText('default')).toBeDefined();
  await user.click(screen.getByRole('radio', { name: 'Leave it' }));
  await user.click(screen.getByRole('button', { name: 'Decide' }));
  expect(onAnswer).toHaveBeenCalledExactlyOnceWith('no');
  rerender(<DecisionCard decision={decision} evidence={null} sending onAnswer={onAnswer} />);
  expect(screen.getByRole('button', { name: 'Sending…' }).hasAttribute('disabled')).toBe(true);
});

test('the log drawer shows the log without colours, and finds what is searched', async () => {
  const user = userEvent.setup();
  const log = { text: '\u001b[31mError: one\u001b[0m\nfine\nerror: two\n', nextFrom: 40, complete: true };
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(Response.json(url.includes('from=0') ? log : { ...log, text: '' })),
  );
  // Loaded before it is waited for: on a busy machine loading takes longer than anybody waits for a drawer.
  await import('./evidence-drawer.tsx');
  const { search } = draw(RECORDED, { trial: 't2' });
  const drawer = await screen.findByRole('dialog', { name: 'Trial 2: one more' });
  await waitFor(() => expect(within(drawer).getByRole('region', { name: 'Log' }).textContent).toContain('fine'));
  expect(drawer.textContent).not.toContain('[31m');
  await user.type(within(drawer).getByRole('searchbox'), 'error');
  expect(within(drawer).getByText('1 of 2')).toBeDefined();
  await user.keyboard('{Enter}');
  expect(within(drawer).getByText('2 of 2')).toBeDefined();
  expect(within(drawer).getByRole('switch', { name: 'Follow' }).getAttribute('aria-checked')).toBe('false');
  await user.keyboard('{Escape}');
  expect(search).toHaveBeenCalledWith({ trial: '', part: '' });
});
