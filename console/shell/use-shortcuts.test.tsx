// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';

import { tell } from '../components/tell.ts';
import { Toasts } from '../components/toasts.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { goToSearch, SHORTCUTS, type ShortcutAction } from './shortcuts.ts';
import { useShortcuts } from './use-shortcuts.ts';

afterEach(cleanup);

function Listening({
  act,
  dialog = false,
}: {
  readonly act: (action: ShortcutAction) => void;
  readonly dialog?: boolean;
}) {
  useShortcuts(act);
  return (
    <>
      <input aria-label="Name" />
      {dialog && <div role="dialog" aria-label="Open" />}
    </>
  );
}

test('keys and sequences do what the table says', async () => {
  const user = userEvent.setup();
  const act = vi.fn();
  render(<Listening act={act} />);
  await user.keyboard('gm');
  expect(act).toHaveBeenLastCalledWith({ kind: 'go', to: '/modernizer' });
  await user.keyboard('t');
  expect(act).toHaveBeenLastCalledWith({ kind: 'theme' });
  await user.keyboard('j');
  expect(act).toHaveBeenLastCalledWith({ kind: 'row', by: 1 });
  await user.keyboard('{Shift>}?{/Shift}');
  expect(act).toHaveBeenLastCalledWith({ kind: 'help' });
  await user.keyboard('{Control>}k{/Control}');
  expect(act).toHaveBeenLastCalledWith({ kind: 'menu' });
});

test('letters are left to somebody who types and to an open dialog; the menu opens from everywhere', async () => {
  const user = userEvent.setup();
  const act = vi.fn();
  const { rerender } = render(<Listening act={act} />);
  await user.type(screen.getByRole('textbox'), 'nt?');
  expect(act).not.toHaveBeenCalled();
  await user.keyboard('{Control>}k{/Control}');
  expect(act).toHaveBeenCalledExactlyOnceWith({ kind: 'menu' });
  rerender(<Listening act={act} dialog />);
  screen.getByRole('textbox').blur();
  await user.keyboard('n');
  expect(act).toHaveBeenCalledOnce();
});

test('the help lists every shortcut', () => {
  render(<KeyboardHelp open onClose={() => {}} />);
  for (const shortcut of SHORTCUTS) expect(screen.getByText(shortcut.label)).toBeDefined();
});

test('a word told before its place is loaded is shown once it is', async () => {
  tell('Copied.', { detail: 'To the clipboard.' });
  render(<Toasts dark={false} />);
  expect(await screen.findByText('Copied.')).toBeDefined();
  tell('Again.');
  expect(await screen.findByText('Again.')).toBeDefined();
});

test('the key / goes to the field in which one searches, and where there is none nowhere', () => {
  render(
    <main>
      <input type="search" aria-label="Find" />
    </main>,
  );
  goToSearch(document);
  expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  cleanup();
  goToSearch(document);
  expect(document.activeElement).toBe(document.body);
});
