// @vitest-environment happy-dom
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { memoryKeeping } from 'chat/requests';
import { createMarkdown, openChat, type Frames, type OpenChat } from 'chat/thread';
import type { Character, Chat, ChangeChat, Embed, Message } from 'chat/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createQueries } from '../requests/queries.ts';
import { router } from '../routes.tsx';
import { Toasts } from '../components/toasts.tsx';
import { AnswerChips } from './answer-chips.tsx';
import { Composer } from './composer.tsx';
import { MessagePicture } from './message-picture.tsx';
import { createSentPictures } from './sent-pictures.ts';
import { ChatScreenContext, type ChatScreen } from './screen-context.ts';

const AT = '2026-01-01T00:00:00.000Z';
const GUIDE: Character = {
  id: 'guide',
  name: 'Guide',
  avatar: '🧭',
  description: 'Shows the way.',
  greeting: 'Hello.',
  steps: [],
};
const chatNamed = (id: string, title: string): Chat => ({
  id,
  title,
  characterId: 'guide',
  personaId: null,
  scenarioId: null,
  promptId: null,
  model: 'auto',
  headMessageId: null,
  messageCount: 1,
  metadata: {},
  createdAt: AT,
  updatedAt: AT,
  archivedAt: null,
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | null;
}

let chats: Chat[];
let embeds: Embed[];
let asked: Asked[];
/** Answers with this instead. */
let refusal: { readonly path: string; readonly status: number; readonly title: string } | null;

beforeEach(() => {
  chats = [chatNamed('c1', 'Long lists'), chatNamed('c2', 'The sea')];
  embeds = [];
  asked = [];
  refusal = null;
  localStorage.clear();
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => Promise.resolve(answer(url, init)));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function answer(url: string, init: RequestInit): Response {
  const { pathname, searchParams } = new URL(url, 'http://tandem.test');
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : null;
  const method = init.method ?? 'GET';
  asked.push({ method, path: pathname, body });
  if (refusal !== null && pathname.startsWith(refusal.path)) {
    const { status, title } = refusal;
    const problem = { type: 'x', title, status, detail: 'Because.', code: 'REFUSED', next: 'Do that.' };
    return Response.json(problem, { status });
  }
  if (pathname === '/api/chat/list') {
    const isArchive = searchParams.get('archived') === 'true';
    return Response.json({ chats: chats.filter((each) => (each.archivedAt !== null) === isArchive), nextCursor: null });
  }
  if (pathname === '/api/chat/characters') return Response.json({ characters: [GUIDE] });
  if (pathname === '/api/session')
    return Response.json({ person: { id: 'p', name: 'Ada' }, role: 'owner', expiresAt: '2030-01-01T00:00:00Z' });
  if (pathname === '/api/runs') return Response.json({ runs: [], nextCursor: null });
  if (pathname === '/api/chat/embeds' && method === 'POST') {
    embeds = [{ ...(body as unknown as Embed), id: 'e1', isOn: true, createdAt: AT }];
    return Response.json(embeds[0], { status: 201 });
  }
  if (pathname === '/api/chat/embeds') return Response.json({ embeds });
  if (method === 'PATCH') return Response.json(changed(pathname.split('/').at(-1) ?? '', body as ChangeChat));
  if (pathname === '/api/chat' && method === 'POST') return Response.json(stateOf('c9'));
  if (pathname === '/api/chat') return Response.json(stateOf(searchParams.get('chatId') ?? ''));
  return new Response(null, { status: 204 });
}

const stateOf = (id: string) => ({
  chat: { ...(chats.find((each) => each.id === id) ?? chatNamed(id, '')), messages: [], history: [] },
  character: GUIDE,
  userChatId: id,
  isNew: true,
  totalSteps: 0,
  currentStep: 0,
});

function changed(id: string, { isArchived, ...change }: ChangeChat): Chat | undefined {
  chats = chats.map((each) =>
    each.id === id
      ? ({
          ...each,
          ...change,
          archivedAt: isArchived === true ? AT : isArchived === false ? null : each.archivedAt,
        } as Chat)
      : each,
  );
  return chats.find((each) => each.id === id);
}

async function open(path: string) {
  const history = createMemoryHistory({ initialEntries: [path] });
  const own = createRouter({ routeTree: router.routeTree, history });
  render(
    <QueryClientProvider client={createQueries(() => {})}>
      <RouterProvider router={own as typeof router} />
      <Toasts dark={false} />
    </QueryClientProvider>,
  );
  await screen.findAllByRole('heading', { level: 1 });
  return { user: userEvent.setup({ delay: null }), path: () => history.location.pathname };
}

const titles = async (): Promise<readonly string[]> =>
  within(await screen.findByRole('list', { name: 'Chats' }))
    .getAllByRole('link')
    .map((link) => link.textContent ?? '');

test('a chat is begun with a character by one press, and is another one each time', async () => {
  const { user, path } = await open('/chat');
  await user.click(await screen.findByRole('button', { name: /^Guide/ }));
  await waitFor(() => expect(path()).toBe('/chat/c9'));
  const begun = asked.find(({ method, path: to }) => method === 'POST' && to === '/api/chat');
  expect(begun?.body).toMatchObject({ chatId: 'guide', userChatId: expect.stringMatching(/.{10,}/) });
});

test('chats are searched, renamed, put into the archive and brought back', async () => {
  const { user } = await open('/chat');
  expect(await titles()).toHaveLength(2);
  await user.type(screen.getByRole('searchbox', { name: 'Search the chats' }), 'sea');
  expect(await titles()).toHaveLength(1);
  await user.click(screen.getByRole('button', { name: 'More for The sea' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Rename' }));
  const field = screen.getByRole('textbox', { name: 'Title of the chat' });
  await user.clear(field);
  await user.type(field, 'Sea and sky{Enter}');
  await screen.findByRole('button', { name: 'More for Sea and sky' });
  await user.click(screen.getByRole('button', { name: 'More for Sea and sky' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Put into the archive' }));
  await screen.findByText('No chat here goes by that title.');
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await screen.findByRole('button', { name: 'More for Sea and sky' });
});

test('an empty list and a person who is signed out are each told what to do', async () => {
  chats = [];
  await open('/chat');
  await screen.findByText(/No chat yet/);
  cleanup();
  refusal = { path: '/api/chat', status: 401, title: 'Sign in.' };
  await open('/chat');
  expect((await screen.findAllByText('You are signed out')).length).toBeGreaterThan(0);
});

test('a chat that is not there is said to be not there', async () => {
  refusal = { path: '/api/chat', status: 404, title: 'The chat was not found.' };
  await open('/chat/nobody');
  await screen.findByText('There is no such chat');
});

test('a page that may hold a chat is added with its exact origins, and gets its line', async () => {
  const { user } = await open('/chat/embeds');
  await screen.findByText('No page holds a chat yet');
  refusal = { path: '/api/chat/embeds', status: 422, title: 'The embedded chat was not saved.' };
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Shop');
  await user.type(screen.getByRole('textbox', { name: 'Exact origins of its pages' }), 'https://shop.example');
  await user.click(screen.getByRole('button', { name: 'Add' }));
  expect((await screen.findByRole('alert')).textContent).toContain('The embedded chat was not saved.');
  refusal = null;
  await user.click(screen.getByRole('button', { name: 'Add' }));
  await screen.findByText(/data-embed="e1" async/);
  expect(asked.findLast(({ method }) => method === 'POST')?.body).toEqual({
    name: 'Shop',
    characterId: 'guide',
    origins: ['https://shop.example'],
  });
});

// --- the parts of one conversation -----------------------------------------------------------------------------

const atOnce: Frames = (soon) => {
  soon();
  return () => {};
};

function inChat(part: (chat: OpenChat) => React.ReactNode, given: Partial<ChatScreen> = {}) {
  const keeping = memoryKeeping();
  const chat = openChat({ target: 'c1', keeping, baseUrl: '/api', frames: atOnce });
  const none = (): void => {};
  const own: ChatScreen = {
    chat,
    markdown: createMarkdown({ document, origin: 'http://tandem.test' }),
    pictures: createSentPictures(chat.events),
    editing: null,
    edit: none,
    explain: none,
    report: none,
    write: none,
    ...given,
  };
  render(<ChatScreenContext value={own}>{part(chat)}</ChatScreenContext>);
  return {
    chat,
    user: userEvent.setup({ delay: null }),
    sent: () => [...chat.thread.store.getState().ids].map((id) => chat.thread.message(id)?.content),
  };
}

const writing = () => inChat((chat) => <Composer chat={chat} target="c1" written={null} />);
const field = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: 'Write a message' });

test('Ctrl-Enter and Enter send; Shift-Enter begins a line; a character that is being composed sends nothing', async () => {
  const { user, sent } = writing();
  await user.type(field(), 'one{Shift>}{Enter}{/Shift}two');
  expect(field().value).toBe('one\ntwo');
  fireEvent.keyDown(field(), { key: 'Enter', isComposing: true, keyCode: 229 });
  await user.type(field(), '!');
  expect(field().value).toBe('one\ntwo!');
  expect(sent()).toEqual([]);
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(sent()).toEqual(['one\ntwo!']));
  await waitFor(() => expect(field().value).toBe(''));
  await user.type(field(), 'three{Enter}');
  await waitFor(() => expect(sent()).toEqual(['one\ntwo!', 'three']));
  await user.keyboard('{ArrowUp}');
  expect(field().value).toBe('three');
  await user.keyboard('{ArrowDown}');
  expect(field().value).toBe('');
});

test('who wants lines by Enter gets them, and is remembered', async () => {
  const { user, sent } = writing();
  await user.click(screen.getByRole('button', { name: 'Enter sends the message' }));
  await user.type(field(), 'a{Enter}b');
  expect(field().value).toBe('a\nb');
  expect(sent()).toEqual([]);
  cleanup();
  writing();
  expect(screen.getByRole('button', { name: 'Enter sends the message' }).getAttribute('aria-pressed')).toBe('false');
});

test('a text is a draft with every key, an empty one is not sent, and there is no button for a voice', async () => {
  const { user, chat, sent } = writing();
  await user.type(field(), '  {Enter}');
  expect(sent()).toEqual([]);
  await user.type(field(), 'half a th');
  expect(chat.drafts.get('c1').trim()).toBe('half a th');
  expect(screen.queryByRole('button', { name: 'Speak' })).toBeNull();
});

test('a picture is attached with what it shows and can be taken away; other files are refused with a reason', async () => {
  const { user } = writing();
  const file = (name: string, type: string) => new File(['x'], name, { type });
  fireEvent.paste(field(), { clipboardData: { files: [file('sea.png', 'image/png')] } });
  const alt = screen.getByRole('textbox', { name: 'What sea.png shows' });
  await user.type(alt, ' at night');
  expect((alt as HTMLInputElement).value).toBe('sea at night');
  fireEvent.drop(field(), { dataTransfer: { files: [file('notes.pdf', 'application/pdf')] } });
  expect(screen.getByRole('alert').textContent).toContain('Only PNG');
  await user.click(screen.getByRole('button', { name: 'Remove sea.png' }));
  expect(screen.queryByRole('list', { name: 'Pictures that go with it' })).toBeNull();
});

const ARTIFACT = { id: 'a1', kind: 'image', mediaType: 'image/png', bytes: 9, origin: 'uploaded' } as const;

test('without a model for pictures one is told so, and a picture that lies elsewhere is never asked for', async () => {
  refusal = { path: '/api/chat/artifacts', status: 503, title: 'The picture was not made larger.' };
  const near = { ...ARTIFACT, alt: 'The sea', width: 20, height: 10, url: '/api/chat/artifacts/a1' };
  const far = { ...near, id: 'a2', url: 'https://elsewhere.example/a.png' };
  const { user } = inChat(() => (
    <>
      <MessagePicture artifact={near} isOwn />
      <MessagePicture artifact={far} isOwn />
    </>
  ));
  expect(screen.getAllByRole('img')).toHaveLength(1);
  expect(screen.getByText('This picture lies elsewhere and is not shown.')).toBeDefined();
  await user.click(screen.getAllByRole('button', { name: 'Enlarge' })[0] as HTMLElement);
  expect((await screen.findByRole('status')).textContent).toBe('Because. Do that.');
});

test('each answer says its source, its cost and its verdict, and opens where it came from', async () => {
  const explain = vi.fn();
  const message = {
    source: { provider: 'local', model: 'house', text: 'local model house', attempts: 2 },
    costMicroUsd: 4200,
    usage: null,
    verdict: { kind: 'passed', by: 'rules', reason: null },
  } as unknown as Message;
  const { user } = inChat(() => <AnswerChips message={message as never} />, { explain });
  const chips = screen.getByRole('button', { name: /Where this answer came from/ });
  expect(chips.textContent).toContain('local model house · 2 attempts');
  expect(chips.textContent).toContain('$0.0042');
  expect(chips.textContent).toContain('passed');
  await user.click(chips);
  expect(explain).toHaveBeenCalledExactlyOnceWith(message);
});
