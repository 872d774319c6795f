import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, CircleHelp, Monitor, Moon, Search, Sun, type LucideIcon } from 'lucide-react';

import { Button } from '../components/button.tsx';
import { Kbd } from '../components/kbd.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import type { Crumb } from './places.ts';
import type { ShortcutAction } from './shortcuts.ts';
import type { Theme } from './theme-state.ts';

interface TopBarFace {
  readonly crumbs: readonly Crumb[];
  readonly theme: Theme;
  readonly act: (action: ShortcutAction) => void;
}

const THEME_ICON: Readonly<Record<Theme, LucideIcon>> = { system: Monitor, light: Sun, dark: Moon };

export function TopBar({ crumbs, theme, act }: TopBarFace) {
  const ThemeIcon = THEME_ICON[theme];
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b bg-canvas/90 px-4 backdrop-blur sm:px-6">
      <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
        <ol className="flex min-w-0 items-center gap-1 text-sm">
          {crumbs.map((crumb, index) => (
            <li key={`${index} ${crumb.label}`} className="flex min-w-0 items-center gap-1">
              {index > 0 && <ChevronRight aria-hidden className="size-3.5 shrink-0 text-ink-faint max-sm:hidden" />}
              {crumb.to === null ? (
                <span aria-current="page" className="truncate font-medium">
                  {crumb.label}
                </span>
              ) : (
                <Link to={crumb.to} className="flex items-center rounded text-ink-soft hover:text-ink">
                  <ChevronLeft aria-hidden className="size-5 sm:hidden" />
                  <span className="max-sm:sr-only">{crumb.label}</span>
                </Link>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <ConnectionBadge />
      <Button size="small" onClick={() => act({ kind: 'menu' })} className="max-sm:w-8 max-sm:px-0">
        <Search aria-hidden />
        <span className="text-ink-soft max-sm:sr-only">Search</span>
        <span className="hidden gap-0.5 sm:flex">
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
        <span className="sr-only">: command menu</span>
      </Button>
      <Button
        look="quiet"
        size="icon"
        className="size-8"
        onClick={() => act({ kind: 'theme' })}
        aria-label={`Theme: ${theme}. Change it`}
      >
        <ThemeIcon aria-hidden />
      </Button>
      <Button
        look="quiet"
        size="icon"
        className="hidden size-8 sm:inline-flex"
        onClick={() => act({ kind: 'help' })}
        aria-label="Keyboard help"
      >
        <CircleHelp aria-hidden />
      </Button>
    </header>
  );
}
