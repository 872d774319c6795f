import { Link } from '@tanstack/react-router';
import { Archive, ArchiveRestore, Ellipsis, Pencil } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState, type FormEvent } from 'react';
import type { Chat } from 'chat/protocol';

import { classes } from '../components/classes.ts';
import { Moment } from '../components/moment.tsx';
import { Avatar } from './avatar.tsx';
import { chatTitle } from './chats-state.ts';
import { MENU, MENU_ITEM } from './menu-look.ts';

interface ChatListItemFace {
  readonly chat: Chat;
  readonly avatar: string;
  readonly isOpen: boolean;
  readonly onRename: (title: string) => void;
  readonly onArchive: () => void;
}

export function ChatListItem({ chat, avatar, isOpen, onRename, onArchive }: ChatListItemFace) {
  const [isRenaming, setIsRenaming] = useState(false);
  if (isRenaming) {
    return (
      <Renaming
        title={chatTitle(chat)}
        onEnd={(title) => {
          setIsRenaming(false);
          if (title !== null) onRename(title);
        }}
      />
    );
  }
  return (
    <div
      className={classes(
        'group relative flex items-center rounded-lg hover:bg-sunken',
        isOpen && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <Link
        to="/chat/$chat"
        params={{ chat: chat.id }}
        data-row=""
        aria-current={isOpen ? 'page' : undefined}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-lg py-2 pl-2.5 pr-10 -outline-offset-2"
      >
        <Avatar sign={avatar} />
        <span className="min-w-0 flex-1">
          <span className={classes('block truncate text-sm', isOpen ? 'font-semibold' : 'font-medium')}>
            {chatTitle(chat)}
          </span>
          <span className="block text-xs text-ink-soft">
            <Moment at={chat.updatedAt} />
          </span>
        </span>
      </Link>
      <Menu chat={chat} onRename={() => setIsRenaming(true)} onArchive={onArchive} />
    </div>
  );
}

interface MenuFace {
  readonly chat: Chat;
  readonly onRename: () => void;
  readonly onArchive: () => void;
}

function Menu({ chat, onRename, onArchive }: MenuFace) {
  const isArchived = chat.archivedAt !== null;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        aria-label={`More for ${chatTitle(chat)}`}
        className="absolute right-1.5 grid size-8 place-items-center rounded-md text-ink-faint hover:text-ink focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 md:opacity-0"
      >
        <Ellipsis aria-hidden className="size-4" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={MENU}>
          <DropdownMenu.Item onSelect={onRename} className={MENU_ITEM}>
            <Pencil aria-hidden className="size-4" /> Rename
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={onArchive} className={MENU_ITEM}>
            {isArchived ? (
              <ArchiveRestore aria-hidden className="size-4" />
            ) : (
              <Archive aria-hidden className="size-4" />
            )}
            {isArchived ? 'Take out of the archive' : 'Put into the archive'}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const TITLE_LENGTH_MAX = 200;

function Renaming({ title, onEnd }: { readonly title: string; readonly onEnd: (title: string | null) => void }) {
  const [text, setText] = useState(title);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onEnd(text.trim() === '' || text.trim() === title ? null : text.trim());
  };
  return (
    <form onSubmit={submit} className="p-1">
      <input
        // Somebody chose "Rename": the field is where they go on.
        ref={(field) => field?.focus()}
        value={text}
        maxLength={TITLE_LENGTH_MAX}
        aria-label="Title of the chat"
        onChange={(event) => setText(event.target.value)}
        onBlur={() => onEnd(null)}
        onKeyDown={(event) => event.key === 'Escape' && onEnd(null)}
        className="h-9 w-full rounded-lg border border-accent bg-surface px-2.5 text-sm"
      />
    </form>
  );
}
