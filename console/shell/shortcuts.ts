// Every key the console listens to, once: the keyboard help and the listener are both made of this table.
// Rule: a bare letter is never taken from somebody who types, nor while a dialog is open.

export type ShortcutAction =
  | {
      readonly kind: 'go';
      readonly to:
        | '/'
        | '/chat'
        | '/chat/new'
        | '/modernizer'
        | '/modernizer/new'
        | '/modernizer/projects'
        | '/modernizer/schedules'
        | '/atomic'
        | '/decisions'
        | '/costs'
        | '/sources'
        | '/machine';
    }
  | { readonly kind: 'menu' }
  | { readonly kind: 'help' }
  | { readonly kind: 'theme' }
  | { readonly kind: 'rail' }
  | { readonly kind: 'row'; readonly by: 1 | -1 }
  | { readonly kind: 'select' }
  | { readonly kind: 'find' };

export interface Shortcut {
  /** In the notation of tinykeys. */
  readonly keys: string;
  /** As a person reads it. */
  readonly shown: readonly string[];
  readonly label: string;
  readonly group: 'Go to' | 'Do' | 'In lists and dialogs' | 'In a chat';
  /** Null where the browser or the dialog does it already. */
  readonly action: ShortcutAction | null;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'g h', shown: ['g', 'h'], label: 'Home', group: 'Go to', action: { kind: 'go', to: '/' } },
  { keys: 'g t', shown: ['g', 't'], label: 'Chat (talk)', group: 'Go to', action: { kind: 'go', to: '/chat' } },
  { keys: 'g m', shown: ['g', 'm'], label: 'Modernizer', group: 'Go to', action: { kind: 'go', to: '/modernizer' } },
  {
    keys: 'g p',
    shown: ['g', 'p'],
    label: 'Projects',
    group: 'Go to',
    action: { kind: 'go', to: '/modernizer/projects' },
  },
  {
    keys: 'g w',
    shown: ['g', 'w'],
    label: 'Schedules (when)',
    group: 'Go to',
    action: { kind: 'go', to: '/modernizer/schedules' },
  },
  { keys: 'g a', shown: ['g', 'a'], label: 'Atomic', group: 'Go to', action: { kind: 'go', to: '/atomic' } },
  { keys: 'g d', shown: ['g', 'd'], label: 'Decisions', group: 'Go to', action: { kind: 'go', to: '/decisions' } },
  { keys: 'g o', shown: ['g', 'o'], label: 'Costs', group: 'Go to', action: { kind: 'go', to: '/costs' } },
  { keys: 'g s', shown: ['g', 's'], label: 'Sources', group: 'Go to', action: { kind: 'go', to: '/sources' } },
  { keys: 'g c', shown: ['g', 'c'], label: 'Machine', group: 'Go to', action: { kind: 'go', to: '/machine' } },
  { keys: 'n', shown: ['n'], label: 'New run', group: 'Do', action: { kind: 'go', to: '/modernizer/new' } },
  { keys: 'c', shown: ['c'], label: 'New chat', group: 'Do', action: { kind: 'go', to: '/chat/new' } },
  { keys: '$mod+k', shown: ['Ctrl', 'K'], label: 'Command menu', group: 'Do', action: { kind: 'menu' } },
  { keys: 't', shown: ['t'], label: 'Next theme: system, light, dark', group: 'Do', action: { kind: 'theme' } },
  { keys: '[', shown: ['['], label: 'Fold or unfold the rail', group: 'Do', action: { kind: 'rail' } },
  { keys: 'Shift+?', shown: ['?'], label: 'This help', group: 'Do', action: { kind: 'help' } },
  { keys: 'j', shown: ['j'], label: 'Next row', group: 'In lists and dialogs', action: { kind: 'row', by: 1 } },
  { keys: 'k', shown: ['k'], label: 'Row before', group: 'In lists and dialogs', action: { kind: 'row', by: -1 } },
  { keys: '/', shown: ['/'], label: 'Find in this list', group: 'In lists and dialogs', action: { kind: 'find' } },
  { keys: 'x', shown: ['x'], label: 'Select the row', group: 'In lists and dialogs', action: { kind: 'select' } },
  {
    keys: '$mod+Enter',
    shown: ['Ctrl', 'Enter'],
    label: 'Send the message',
    group: 'In a chat',
    action: null,
  },
  { keys: 'ArrowUp', shown: ['↑'], label: 'What you sent before', group: 'In a chat', action: null },
  { keys: 'ArrowDown', shown: ['↓'], label: 'What you sent after it', group: 'In a chat', action: null },
  { keys: 'Enter', shown: ['Enter'], label: 'Open', group: 'In lists and dialogs', action: null },
  { keys: 'Escape', shown: ['Esc'], label: 'Close', group: 'In lists and dialogs', action: null },
];

/** Whether a key press belongs to what the person is doing, not to us. */
export function belongsToPerson(target: EventTarget | null, withModifier: boolean): boolean {
  if (!(target instanceof Element)) return false;
  if (withModifier) return false;
  if (target.closest('input, textarea, select, [contenteditable="true"], [role="combobox"]') !== null) return true;
  return target.ownerDocument.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}

/** Which of `count` rows comes next; -1 stands for none yet. */
export const nextRow = (current: number, by: 1 | -1, count: number): number =>
  current === -1 ? (by === 1 ? 0 : count - 1) : Math.min(count - 1, Math.max(0, current + by));

/** Moves the focus among the rows of the page (whatever carries `data-row`). */
export function moveRow(page: ParentNode, by: 1 | -1): void {
  const rows = [...page.querySelectorAll<HTMLElement>('main [data-row]')].filter((row) => row.offsetParent !== null);
  const current = rows.findIndex((row) => row === document.activeElement);
  const row = rows[nextRow(current, by, rows.length)];
  row?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

/** Presses what selects the row that has the focus (whatever carries `data-select` in it, or is it). */
export function selectRow(page: Document): void {
  const row = page.activeElement?.closest<HTMLElement>('main [data-row]');
  const item = row?.closest('li') ?? row;
  item?.querySelector<HTMLElement>('[data-select]')?.click();
}

/** Goes to the field in which one searches on this page, if it has one. */
export function goToSearch(page: ParentNode): void {
  const field = page.querySelector<HTMLElement>('main input[type="search"]');
  field?.focus();
  field?.scrollIntoView({ block: 'nearest' });
}
