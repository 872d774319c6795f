// Ctrl-K: every screen, the recent runs and what can be done, by typing a few letters of it.

import { Command } from 'cmdk';
import {
  CalendarClock,
  CircleStop,
  CornerDownLeft,
  Diff,
  FolderKanban,
  History,
  Keyboard,
  MessageCircle,
  MessageCirclePlus,
  Plus,
  SunMoon,
  type LucideIcon,
} from 'lucide-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { isFinal, type RunSummary } from 'kernel/protocol';
import { Dialog } from 'radix-ui';
import { useState } from 'react';

import { repositoriesQuery } from '../atomic/queries.ts';
import { chatTitle } from '../chat/chats-state.ts';
import { chatsQuery } from '../chat/queries.ts';
import { runLook } from '../modernizer/looks.ts';
import { freshKey, stopRun } from '../requests/orders.ts';
import { recentRunsQuery } from '../requests/queries.ts';
import { useOrder } from '../requests/use-order.ts';
import { PLACES } from './places.ts';
import type { ShortcutAction } from './shortcuts.ts';

interface CommandMenuFace {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly act: (action: ShortcutAction) => void;
}

export function CommandMenu({ open, onClose, act }: CommandMenuFace) {
  const pick = (then: () => void) => () => {
    onClose();
    then();
  };
  const go = (action: ShortcutAction) => pick(() => act(action));

  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed left-1/2 top-[12vh] z-50 w-[min(600px,calc(100vw-24px))] -translate-x-1/2 animate-fade-in overflow-hidden rounded-xl border bg-surface shadow-raised"
        >
          <Dialog.Title className="sr-only">Command menu</Dialog.Title>
          <Command label="Commands" loop>
            <Command.Input
              placeholder="Where to, or what to do?"
              className="h-13 w-full border-b bg-transparent px-5 text-base outline-none placeholder:text-ink-faint"
            />
            <Command.List className="max-h-[52vh] overflow-y-auto p-2">
              <Command.Empty className="px-3 py-8 text-center text-ink-soft">
                Nothing here goes by that name.
              </Command.Empty>
              <Command.Group heading="Go to" className={GROUP}>
                {PLACES.map((place) => (
                  <Item key={place.to} icon={place.icon} text={place.label} onPick={go({ kind: 'go', to: place.to })} />
                ))}
                <Item icon={FolderKanban} text="Projects" onPick={go({ kind: 'go', to: '/modernizer/projects' })} />
                <Item icon={CalendarClock} text="Schedules" onPick={go({ kind: 'go', to: '/modernizer/schedules' })} />
              </Command.Group>
              <Command.Group heading="Do" className={GROUP}>
                <Item icon={MessageCirclePlus} text="New chat" onPick={go({ kind: 'go', to: '/chat/new' })} />
                <Item icon={Plus} text="New run" onPick={go({ kind: 'go', to: '/modernizer/new' })} />
                <Item icon={SunMoon} text="Change theme" onPick={go({ kind: 'theme' })} />
                <Item icon={Keyboard} text="Keyboard help" onPick={go({ kind: 'help' })} />
              </Command.Group>
              <ChatGroup pick={pick} />
              <RepositoryGroup pick={pick} />
              <RunGroups pick={pick} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Chats in the menu: older ones are found by the search of their own list. */
const CHATS_SHOWN = 8;

/** The newest chats, by their titles. */
function ChatGroup({ pick }: { readonly pick: (then: () => void) => () => void }) {
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(chatsQuery(false));
  const chats = (data?.pages.flatMap((page) => page.chats) ?? []).slice(0, CHATS_SHOWN);
  if (chats.length === 0) return null;
  return (
    <Command.Group heading="Chats" className={GROUP}>
      {chats.map((chat) => (
        <Item
          key={chat.id}
          icon={MessageCircle}
          text={chatTitle(chat)}
          value={`${chatTitle(chat)} ${chat.id}`}
          onPick={pick(() => void navigate({ to: '/chat/$chat', params: { chat: chat.id } }))}
        />
      ))}
    </Command.Group>
  );
}

/** The registered repositories of Atomic, by name. */
function RepositoryGroup({ pick }: { readonly pick: (then: () => void) => () => void }) {
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(repositoriesQuery);
  const repositories = data?.pages.flatMap((page) => page.repositories) ?? [];
  if (repositories.length === 0) return null;
  return (
    <Command.Group heading="Repositories" className={GROUP}>
      {repositories.map(({ repository: { id, name, path } }) => (
        <Item
          key={id}
          icon={Diff}
          text={name}
          value={`${name} ${path}`}
          onPick={pick(() => void navigate({ to: '/atomic/$repository', params: { repository: name } }))}
        />
      ))}
    </Command.Group>
  );
}

/** The recent runs, to go to and to stop. The menu is there only while it is open, so they are asked for only then. */
function RunGroups({ pick }: { readonly pick: (then: () => void) => () => void }) {
  const navigate = useNavigate();
  const recent = useQuery(recentRunsQuery);
  const stop = useOrder({ send: stopRun, doing: 'Stopping the run' });
  const runs = recent.data?.runs ?? [];
  const stoppable = runs.filter((run) => !isFinal(run.status) && run.status !== 'interrupted');
  return (
    <>
      {runs.length > 0 && (
        <Command.Group heading="Recent runs" className={GROUP}>
          {runs.map((run) => (
            <Item
              key={run.id}
              icon={History}
              text={run.title}
              note={runLook(run.status).word}
              value={`${run.title} ${run.id}`}
              onPick={pick(() => void navigate({ to: '/modernizer/runs/$run', params: { run: run.id } }))}
            />
          ))}
        </Command.Group>
      )}
      {stoppable.length > 0 && (
        <Command.Group heading="Stop" className={GROUP}>
          {stoppable.map((run) => (
            <StopItem key={run.id} run={run} onPick={pick(() => stop.mutate({ key: freshKey(), run: run.id }))} />
          ))}
        </Command.Group>
      )}
    </>
  );
}

const GROUP =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-2 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint';

/** Stopping cannot be undone: the first pick asks, the second does it. */
function StopItem({ run, onPick }: { readonly run: RunSummary; readonly onPick: () => void }) {
  const [asked, setAsked] = useState(false);
  return (
    <Item
      icon={CircleStop}
      text={asked ? `Really stop ${run.title}? Pick again` : `Stop ${run.title}`}
      value={`stop ${run.title} ${run.id}`}
      onPick={asked ? onPick : () => setAsked(true)}
    />
  );
}

interface ItemFace {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly note?: string;
  readonly value?: string;
  readonly onPick: () => void;
}

function Item({ icon: Icon, text, note, value = text, onPick }: ItemFace) {
  return (
    <Command.Item
      value={value}
      onSelect={onPick}
      className="group flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 data-[selected=true]:bg-accent-soft"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 truncate">{text}</span>
      {note !== undefined && <span className="text-xs text-ink-soft">{note}</span>}
      <CornerDownLeft aria-hidden className="size-3.5 text-ink-soft opacity-0 group-data-[selected=true]:opacity-100" />
    </Command.Item>
  );
}
