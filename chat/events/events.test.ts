// @vitest-environment happy-dom
import { manualClock } from 'kernel/basics';
import { expect, test } from 'vitest';

import { attachDom } from './attach-dom.ts';
import { createBridge, type BridgeMessage } from './bridge.ts';
import { createEvents } from './create-events.ts';
import { CHAT_EVENT_NAMES, EVERY_EVENT, eventNameOf } from './event-names.ts';
import { InputHistory, meaningOfKey, type KeyPress } from './message-keys.ts';

/** Every event name that the seed writes anywhere, and the name it means here. */
const SEED_NAMES: Readonly<Record<string, string>> = {
  'message:sent': 'message:sent',
  'message:received': 'message:received',
  'chat:loaded': 'chat:loaded',
  'chat:error': 'chat:error',
  'chat:selected': 'chat:selected',
  'message:like': 'message:like',
  'message:regenerate': 'message:regenerate',
  'image:upscale': 'image:upscale',
  'persona:added': 'persona:added',
  'persona:close': 'persona:close',
  'scenario:changed': 'scenario:changed',
  'scenario:change': 'scenario:change',
  'display:message': 'display:message',
  'chat:action': 'chat:action',
  'chatapi:fetch-success': 'chatapi:fetch-success',
  'chatapi:fetch-error': 'chatapi:fetch-error',
  'prompt:retrieved': 'prompt:retrieved',
  'gift:opened': 'gift:opened',
  'suggestions:retrieved': 'suggestions:retrieved',
  'chatcore:ready': 'chatcore:ready',
  'chat:message-sent': 'message:sent',
  'chat:message-received': 'message:received',
  'chat:message:sent': 'message:sent',
  'chat:event': EVERY_EVENT,
};

test.each(Object.entries(SEED_NAMES))('the seed’s %s is %s', (spelling, name) => {
  expect(eventNameOf(spelling)).toBe(name);
  const events = createEvents();
  let heard: unknown = null;
  const data = { any: 'thing' };
  if (name === EVERY_EVENT) {
    events.on(spelling, (told) => (heard = told));
    events.triggerChatEvent('chat:selected', { chatId: 'c' });
    return expect(heard).toEqual({ name: 'chat:selected', data: { chatId: 'c' } });
  }
  events.on(name, (told) => (heard = told));
  events.triggerChatEvent(spelling, data);
  expect(heard).toBe(data);
});

test('every name of ours is listed for the seed, but what it has no word for', () => {
  const ours = CHAT_EVENT_NAMES.filter((name) => !Object.values(SEED_NAMES).includes(name));
  expect(ours).toEqual(['chat:typing']);
});

test('a handler that throws is told as chat:error and stops nobody else', async () => {
  const events = createEvents();
  const heard: string[] = [];
  events.on('chat:error', ({ where }) => heard.push(where));
  events.on('chat:selected', () => {
    throw new Error('first');
  });
  events.on('chat:selected', () => Promise.reject(new Error('second')));
  events.on('chat:selected', () => heard.push('third'));
  events.triggerChatEvent('chat:selected', { chatId: 'c' });
  await Promise.resolve();
  expect(heard).toEqual(['a handler of chat:selected', 'third', 'a handler of chat:selected']);
  expect(events.getStats().events['chat:selected']).toEqual({ triggered: 1, handlers: 3, failures: 2 });
});

test('a handler of chat:error that throws does not make another error', () => {
  const events = createEvents();
  events.on('chat:error', () => {
    throw new Error('again');
  });
  events.triggerChatEvent('chat:error', { where: 'x', userMessage: 'y', error: null });
  expect(events.getStats().events['chat:error']).toEqual({ triggered: 1, handlers: 1, failures: 1 });
});

test('who was taken off hears nothing more, and once means once', () => {
  const events = createEvents();
  let count = 0;
  const off = events.on('test:event', () => (count += 1));
  events.once('test:event', () => (count += 10));
  events.triggerChatEvent('test:event', {});
  events.triggerChatEvent('test:event', {});
  off();
  off();
  events.triggerChatEvent('test:event', {});
  expect(count).toBe(12);
  expect(events.getStats()).toMatchObject({ triggered: 3, handlers: 0 });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'A:b', 'a:', `a:${'b'.repeat(60)}`, 'a:b c'])(
  '%j is no name',
  (name) => {
    const events = createEvents();
    expect(() => events.on(name, () => undefined)).toThrow('cannot be the name');
    expect(() => events.triggerChatEvent(name, {})).toThrow('cannot be the name');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  },
);

test('events are mirrored on an element for pages that use no package', () => {
  const events = createEvents();
  const element = document.createElement('div');
  const heard: unknown[] = [];
  element.addEventListener('chat:selected', (event) => heard.push((event as CustomEvent).detail));
  const off = events.mirrorOn(element);
  events.triggerChatEvent('chat:selected', { chatId: 'c' });
  off();
  events.triggerChatEvent('chat:selected', { chatId: 'd' });
  expect(heard).toEqual([{ chatId: 'c' }]);
});

const PAGE = `
  <a data-chat-id="c7" href="#x">A chat</a>
  <form data-message-form><textarea data-message-field></textarea><button data-send>Send</button></form>
  <article data-message-id="m1">
    <button data-message-action="like">Like</button><button data-message-action="copy">Copy</button>
    <button data-message-action="regenerate">Again</button>
    <img data-image-id="i1" data-image-action="upscale">
    <button data-dropdown aria-expanded="false">More</button><div data-dropdown-menu hidden><i>Item</i></div>
  </article>`;

function page(submit: (text: string) => boolean = () => true) {
  const root = document.createElement('div');
  root.innerHTML = PAGE;
  document.body.append(root);
  const events = createEvents();
  const heard: unknown[] = [];
  events.on(EVERY_EVENT, (told) => heard.push(told));
  const sent: string[] = [];
  const take = (text: string): boolean => {
    sent.push(text);
    return submit(text);
  };
  const attached = attachDom(root, { events, submit: take });
  const find = <T extends Element>(selector: string): T => {
    const element = root.querySelector<T>(selector);
    if (element === null) throw new Error(selector);
    return element;
  };
  const click = (selector: string) => find<HTMLElement>(selector).click();
  return { root, events, heard, sent, attached, find, click };
}

test('data-* says what was clicked', () => {
  const { heard, click } = page();
  click('[data-chat-id]');
  click('[data-message-action="like"]');
  click('[data-message-action="copy"]');
  click('[data-message-action="regenerate"]');
  click('[data-image-action]');
  expect(heard).toEqual([
    { name: 'chat:selected', data: { chatId: 'c7' } },
    { name: 'message:like', data: { messageId: 'm1' } },
    { name: 'chat:action', data: { action: 'copy', messageId: 'm1' } },
    { name: 'message:regenerate', data: { messageId: 'm1' } },
    { name: 'image:upscale', data: { imageId: 'i1' } },
  ]);
});

test('a form is sent once, and emptied only when its text was taken', async () => {
  const { find, sent, attached } = page((text) => text !== 'no');
  const field = find<HTMLTextAreaElement>('textarea');
  const submit = async (text: string) => {
    field.value = text;
    find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await Promise.resolve();
    await Promise.resolve();
  };
  await submit(' hello ');
  expect(field.value).toBe('');
  await submit('no');
  expect(field.value).toBe('no');
  await submit('   ');
  expect(sent).toEqual(['hello', 'no']);
  attached.detach();
  await submit('gone');
  expect(sent).toHaveLength(2);
});

test('a dropdown opens, closes by Escape, by a click elsewhere, and by name', () => {
  const { find, click, root, attached } = page();
  const menu = find<HTMLElement>('[data-dropdown-menu]');
  const button = find('[data-dropdown]');
  click('[data-dropdown]');
  expect([menu.hidden, button.getAttribute('aria-expanded')]).toEqual([false, 'true']);
  click('[data-dropdown-menu] i');
  expect(menu.hidden).toBe(false);
  root.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect([menu.hidden, button.getAttribute('aria-expanded')]).toEqual([true, 'false']);
  click('[data-dropdown]');
  click('[data-message-action="copy"]');
  expect(menu.hidden).toBe(true);
  click('[data-dropdown]');
  attached.closeAllDropdowns();
  expect(menu.hidden).toBe(true);
});

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  isComposing: false,
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});
const field = (value: string, at = value.length) => ({ value, selectionStart: at, selectionEnd: at });

test.each([
  ['Ctrl+Enter sends', press('Enter', { ctrlKey: true }), field('a'), false, 'send'],
  ['Cmd+Enter sends', press('Enter', { metaKey: true }), field('a'), false, 'send'],
  ['Enter is a line without the preference', press('Enter'), field('a'), false, 'none'],
  ['Enter sends with it', press('Enter'), field('a'), true, 'send'],
  ['Shift+Enter is always a line', press('Enter', { shiftKey: true }), field('a'), true, 'none'],
  ['nothing is sent while composing', press('Enter', { ctrlKey: true, isComposing: true }), field('a'), true, 'none'],
  ['nor by an older browser’s 229', press('Enter', { keyCode: 229 }), field('a'), true, 'none'],
  ['Escape closes', press('Escape'), field('a'), false, 'close'],
  ['Tab is the person’s', press('Tab'), field('a'), true, 'none'],
  ['up on the first line', press('ArrowUp'), field('ab\ncd', 1), false, 'earlier'],
  ['up on the second line moves the caret', press('ArrowUp'), field('ab\ncd', 4), false, 'none'],
  ['down on the last line', press('ArrowDown'), field('ab\ncd', 4), false, 'later'],
  ['down on the first of two moves the caret', press('ArrowDown'), field('ab\ncd', 1), false, 'none'],
  ['up with a selection', press('ArrowUp'), { value: 'ab', selectionStart: 0, selectionEnd: 2 }, false, 'none'],
  ['up with Shift selects', press('ArrowUp', { shiftKey: true }), field('ab'), false, 'none'],
] as const)('keys: %s', (_, given, where, sendsOnEnter, meaning) => {
  expect(meaningOfKey(given, where, sendsOnEnter)).toBe(meaning);
});

test('the arrows go back through what was sent, and forward to what was being written', () => {
  const history = new InputHistory(['one', 'two']);
  expect([history.earlier('draft'), history.earlier('x'), history.earlier('x')]).toEqual(['two', 'one', null]);
  expect([history.later(), history.later(), history.later()]).toEqual(['two', 'draft', null]);
  history.remember('three');
  expect(history.earlier('')).toBe('three');
});

interface Posted {
  readonly body: unknown;
  readonly options: { readonly targetOrigin: string; readonly transfer: readonly MessagePort[] };
}

function bridgeWith(receive?: (message: BridgeMessage) => void) {
  const self = new EventTarget();
  const posted: Posted[] = [];
  const frame = { postMessage: (body: unknown, options: unknown) => posted.push({ body, options } as Posted) };
  const events = createEvents();
  const heard: unknown[] = [];
  events.on(EVERY_EVENT, (told) => heard.push(told));
  const clock = manualClock();
  const bridge = createBridge({
    self: self as unknown as Window,
    frame: () => frame as unknown as Window,
    allowedOrigins: ['https://shop.example'],
    events,
    clock,
    ...(receive === undefined ? {} : { receive }),
  });
  const arrive = (data: unknown, more: { origin?: string; source?: unknown; ports?: MessagePort[] } = {}) =>
    self.dispatchEvent(
      Object.assign(new Event('message'), { data, origin: 'https://shop.example', source: frame, ports: [], ...more }),
    );
  return { bridge, arrive, posted, heard, clock };
}

const close = { tandem: 1, message: { kind: 'persona:close', data: {} } };

test('a message counts only from the right origin and the right window', () => {
  const { bridge, arrive, heard } = bridgeWith();
  arrive(close, { origin: 'https://shop.example.evil.example' });
  arrive(close, { origin: 'null' });
  arrive(close, { source: { postMessage: () => undefined } });
  arrive(close, { source: null });
  expect(heard).toEqual([]);
  arrive(close);
  expect(heard).toEqual([{ name: 'persona:close', data: {} }]);
  expect(bridge.getStats()).toEqual({ accepted: 1, foreign: 4, malformed: 0 });
  bridge.close();
  arrive(close);
  expect(heard).toHaveLength(1);
});

test.each([
  null,
  'persona:close',
  { tandem: 2, message: { kind: 'persona:close', data: {} } },
  { tandem: 1, message: { kind: 'chat:error', data: {} } },
  { tandem: 1, message: { kind: 'display:message', data: { text: 'x'.repeat(16_001) } } },
  { tandem: 1, message: { kind: 'chat:action', data: { action: '__proto__' } } },
  JSON.parse('{"tandem":1,"message":{"kind":"scenario:change","data":{"__proto__":{"scenarioId":"x"}}}}'),
])('a message of another shape is refused: %j', (data) => {
  const { bridge, arrive, heard } = bridgeWith();
  arrive(data);
  expect(heard).toEqual([]);
  expect(bridge.getStats().malformed).toBe(1);
  expect(({} as Record<string, unknown>)['scenarioId']).toBeUndefined();
});

test('all five kinds of the seed are understood', () => {
  const { arrive, heard } = bridgeWith();
  const messages = [
    { kind: 'persona:added', data: { persona: { name: 'Ada', description: '' } } },
    { kind: 'persona:close', data: {} },
    { kind: 'scenario:change', data: { scenarioId: 's1' } },
    { kind: 'display:message', data: { text: 'Hello' } },
    { kind: 'chat:action', data: { action: 'open' } },
  ];
  for (const message of messages) arrive({ tandem: 1, message });
  expect(heard).toEqual(messages.map(({ kind, data }) => ({ name: kind, data })));
});

test('what is sent goes to the exact origin, and is answered by its own port', async () => {
  const { bridge, posted } = bridgeWith();
  const answer = bridge.send({ kind: 'persona:close', data: {} });
  expect(posted[0]?.options.targetOrigin).toBe('https://shop.example');
  posted[0]?.options.transfer[0]?.postMessage({ kind: 'done' });
  expect(await answer).toEqual({ kind: 'done' });
  bridge.tell('message:sent', { chatId: 'c', error: () => 1 });
  expect(posted[1]?.body).toEqual({ tandem: 1, event: { name: 'message:sent', data: { chatId: 'c' } } });
});

test('a window that does not answer is not waited for without end', async () => {
  const { bridge, clock } = bridgeWith();
  const answer = bridge.send({ kind: 'persona:close', data: {} });
  await clock.advance(5000);
  expect(await answer).toEqual({ kind: 'unanswered' });
});

test('a receiver that throws answers with a refusal that says nothing of the inside', async () => {
  const { arrive } = bridgeWith(() => {
    throw new Error('secret place');
  });
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) =>
    port1.addEventListener('message', (event) => resolve((event as MessageEvent).data)),
  );
  port1.start();
  arrive(close, { ports: [port2] });
  expect(await answer).toEqual({ kind: 'refused', reason: 'It failed.' });
  port1.close();
});

test.each(['*', 'null', 'https://*.example', 'https://a.example/', 'a.example', 'https://a.example/x', ''])(
  '%j is no origin that could be allowed',
  (origin) => {
    const self = new EventTarget() as unknown as Window;
    const options = { self, frame: () => null, events: createEvents(), clock: manualClock() };
    expect(() => createBridge({ ...options, allowedOrigins: [origin] })).toThrow('cannot be allowed');
  },
);
