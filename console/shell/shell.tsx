// The frame around every screen: rail, top bar, menu, keyboard, toasts, and where the focus goes when the page changes.

import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { unreachable } from 'kernel/basics';

import { classes } from '../components/classes.ts';
import { Skeleton } from '../components/skeleton.tsx';
import { isToldAnything, onTold, tell } from '../components/tell.ts';
import { sessionQuery, waitingRunsQuery } from '../requests/queries.ts';
import { TitleContext } from './page-title.ts';
import { crumbsOf, fillsWindow } from './places.ts';
import { Rail } from './rail.tsx';
import { goToSearch, moveRow, selectRow, type ShortcutAction } from './shortcuts.ts';
import { isDark, nextTheme, type Theme } from './theme-state.ts';
import { TopBar } from './top-bar.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useTheme } from './use-theme.ts';

const CommandMenu = lazy(async () => ({ default: (await import('./command-menu.tsx')).CommandMenu }));
const Toasts = lazy(async () => ({ default: (await import('../components/toasts.tsx')).Toasts }));
const KeyboardHelp = lazy(async () => ({ default: (await import('./keyboard-help.tsx')).KeyboardHelp }));

type Overlay = 'none' | 'menu' | 'help';

export function Shell() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [title, setTitle] = useState('Tandem');
  const [folded, setFolded] = useState(false);
  const [overlay, setOverlay] = useState<Overlay>('none');
  const [theme, setTheme] = useTheme();
  const told = useSyncExternalStore(onTold, isToldAnything);
  const session = useQuery(sessionQuery);
  const waiting = useQuery({ ...waitingRunsQuery, enabled: session.data !== undefined });
  const main = useFocusOnPageChange(path);

  const act = useActions({ theme, setTheme, setOverlay, fold: () => setFolded((now) => !now) });
  useShortcuts(act);

  return (
    <TitleContext value={setTitle}>
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:left-3 focus:top-3"
      >
        Skip to the content
      </a>
      <div className="min-h-dvh md:flex">
        <Rail path={path} folded={folded} onFold={() => setFolded(!folded)} waiting={waiting.data?.runs.length ?? 0} />
        <div className="min-w-0 flex-1">
          <TopBar crumbs={crumbsOf(path, title)} theme={theme} act={act} />
          <main
            ref={main}
            id="main"
            tabIndex={-1}
            className={classes(
              fillsWindow(path)
                ? 'h-[calc(100dvh-7rem-env(safe-area-inset-bottom))] md:h-[calc(100dvh-3.5rem)]'
                : 'mx-auto max-w-6xl px-4 pb-24 pt-6 sm:px-6 md:pb-16 md:pt-8',
            )}
          >
            <Suspense fallback={<Skeleton label="Loading the page" />}>
              <Outlet />
            </Suspense>
          </main>
        </div>
      </div>
      <p role="status" className="sr-only">
        {title}
      </p>
      <Suspense fallback={null}>
        {overlay === 'menu' && (
          <CommandMenu open act={act} onClose={() => setOverlay((now) => (now === 'menu' ? 'none' : now))} />
        )}
        {overlay === 'help' && <KeyboardHelp open onClose={() => setOverlay('none')} />}
        {told && <Toasts dark={isDark(theme, matchMedia('(prefers-color-scheme: dark)').matches)} />}
      </Suspense>
    </TitleContext>
  );
}

/** A page change moves the focus to the new page, as a full load would; the first page leaves it where it is. */
function useFocusOnPageChange(path: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);
  return main;
}

interface Acting {
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
  readonly setOverlay: (change: (now: Overlay) => Overlay) => void;
  readonly fold: () => void;
}

/** What a key, a button of the top bar and the command menu can do, in one place. */
function useActions({ theme, setTheme, setOverlay, fold }: Acting): (action: ShortcutAction) => void {
  const navigate = useNavigate();
  return (action) => {
    switch (action.kind) {
      case 'go':
        return void navigate({ to: action.to });
      case 'menu':
        return setOverlay((now) => (now === 'menu' ? 'none' : 'menu'));
      case 'help':
        return setOverlay(() => 'help');
      case 'theme':
        setTheme(nextTheme(theme));
        return tell(`Theme: ${nextTheme(theme)}`, { id: 'theme' });
      case 'rail':
        return fold();
      case 'row':
        return moveRow(document, action.by);
      case 'select':
        return selectRow(document);
      case 'find':
        return goToSearch(document);
      default:
        return unreachable(action);
    }
  };
}
