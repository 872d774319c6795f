import { expect, test } from 'vitest';

import { commandIn, textBefore } from '../components/sandbox-line.ts';
import { agoText, elapsedText, remainingText } from '../components/words.ts';
import { bothFaces, homeViewOf, needsText } from '../home/home-state.ts';
import { isOwnPath } from '../components/plain-link.tsx';
import { connectionOf } from './connection-state.ts';
import { crumbsOf, placeOf } from './places.ts';
import { nextRow, SHORTCUTS } from './shortcuts.ts';
import { isDark, nextTheme, parseTheme } from './theme-state.ts';

test('the theme follows the system until somebody chooses', () => {
  expect([parseTheme(null), parseTheme('purple'), parseTheme('dark')]).toEqual(['system', 'system', 'dark']);
  expect([isDark('system', true), isDark('system', false), isDark('light', true), isDark('dark', false)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(['system', 'light', 'dark'].map((theme) => nextTheme(parseTheme(theme)))).toEqual(['light', 'dark', 'system']);
});

test('no key is bound twice, and every one is explained', () => {
  const keys = SHORTCUTS.map((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(SHORTCUTS.every((shortcut) => shortcut.label !== '' && shortcut.shown.length > 0)).toBe(true);
});

test('rows are walked from one end to the other and not beyond', () => {
  expect([nextRow(-1, 1, 3), nextRow(-1, -1, 3), nextRow(2, 1, 3), nextRow(0, -1, 3)]).toEqual([0, 2, 2, 0]);
});

test('the badge says live only while events are heard', () => {
  expect(connectionOf({ reachable: true, tail: null }).kind).toBe('connected');
  expect(connectionOf({ reachable: false, tail: null }).kind).toBe('away');
  expect(connectionOf({ reachable: true, tail: { kind: 'live' } }).kind).toBe('live');
  expect(connectionOf({ reachable: true, tail: { kind: 'waiting', attempt: 1, waitMs: 1000 } }).kind).toBe('away');
  expect(connectionOf({ reachable: true, tail: { kind: 'ended' } }).kind).toBe('connected');
});

test('the breadcrumb names the place and, inside it, the page', () => {
  expect(placeOf('/modernizer/runs/x')?.label).toBe('Modernizer');
  expect(crumbsOf('/', 'Home')).toEqual([{ label: 'Home', to: null }]);
  expect(crumbsOf('/modernizer/runs/x', 'shop')).toEqual([
    { label: 'Modernizer', to: '/modernizer' },
    { label: 'shop', to: null },
  ]);
  expect(crumbsOf('/nowhere', 'Not found')).toEqual([{ label: 'Not found', to: null }]);
});

test('only paths of our own are followed, whatever a server names', () => {
  expect(['/modernizer', '//evil.example', '/\\evil', 'https://evil.example', 'javascript:1'].map(isOwnPath)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('time is said as people say it, and an estimate as an estimate', () => {
  const minute = 60_000;
  expect([0, 5 * minute, 3 * 60 * minute, 30 * 60 * minute].map((ms) => agoText(0, ms))).toEqual([
    'just now',
    '5 min ago',
    '3 h ago',
    'yesterday',
  ]);
  expect([null, 3_000, 41_000, 61_000].map(remainingText)).toEqual([
    'estimating…',
    'a few seconds left',
    'about 50 s left',
    'about 2 min left',
  ]);
  expect([-5, 3_400, 65_000].map(elapsedText)).toEqual(['0 s', '3 s', '1 min 5 s']);
});

test('the line that mends the sandbox is found in the sentence that names it', () => {
  const next = 'Install bubblewrap: sudo apt-get install -y bubblewrap';
  expect(commandIn(next)).toBe('sudo apt-get install -y bubblewrap');
  expect(textBefore(next, commandIn(next))).toBe('Install bubblewrap:');
  expect(commandIn('Run `apt install bubblewrap` as root.')).toBe('apt install bubblewrap');
  expect(commandIn('Ask your administrator.')).toBe('Ask your administrator.');
});

test('Home welcomes a newcomer, and otherwise says what needs the person', () => {
  expect(homeViewOf({ needs: [], running: 0, finished: 0 }, []).kind).toBe('newcomer');
  expect(homeViewOf({ needs: [], running: 0, finished: 3 }, []).kind).toBe('at-work');
  const machine = { kind: 'machine', title: '', detail: '', href: null, run: null, at: null } as const;
  const needing = { needs: [machine], running: 0, finished: 1 };
  expect(homeViewOf(needing, []).needs).toHaveLength(1);
  expect(homeViewOf(needing, [], { sandbox: true }).needs).toHaveLength(0);
  expect([0, 1, 2].map(needsText)).toEqual([
    'Nothing needs you right now.',
    'One thing needs you.',
    '2 things need you.',
  ]);
  expect(bothFaces({ kind: 'ready', value: 1 }, { kind: 'signed-out' }).kind).toBe('signed-out');
});
