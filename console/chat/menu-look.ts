/** How a small menu and its lines look. */
export const MENU = 'z-50 min-w-48 animate-fade-in rounded-lg border bg-surface p-1 shadow-raised';
export const MENU_ITEM =
  'flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm outline-none data-[highlighted]:bg-accent-soft data-[disabled]:opacity-60';
