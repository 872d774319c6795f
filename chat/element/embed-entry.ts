// embed.js: `<script src="https://host/embed.js" data-embed="ID" async></script>` puts a chat into somebody else's page:
// a button, and a frame that belongs to the chat's own host.
// Rules: one global, `Tandem`; the page and the frame hear each other only by exact origin and exact window; the frame
// is loaded when it is first opened. It stays small: no package, nothing shared but the shape of the messages.

type Handler = (data: unknown) => void;

const script = document.currentScript;
const host = script instanceof HTMLScriptElement ? new URL(script.src).origin : '';
const embed = script instanceof HTMLScriptElement ? (script.dataset['embed'] ?? '') : '';
const label = script instanceof HTMLScriptElement ? (script.dataset['label'] ?? 'Chat') : 'Chat';

/** Above what a page usually has. */
const ABOVE = '2147483000';
/** Asked for before the frame is there; more is a mistake of the page. */
const WAITING_MAX = 32;

const handlers = new Map<string, Set<Handler>>();
const waiting: unknown[] = [];
let frame: HTMLIFrameElement | null = null;
let isReady = false;

const style = (element: HTMLElement, rules: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(rules)) element.style.setProperty(name, value);
};

const button = document.createElement('button');
button.type = 'button';
button.textContent = label;
button.setAttribute('aria-expanded', 'false');
style(button, {
  position: 'fixed',
  right: '20px',
  bottom: '20px',
  'z-index': ABOVE,
  padding: '12px 20px',
  border: '0',
  'border-radius': '28px',
  background: '#5b3fd6',
  color: '#fff',
  font: '600 16px system-ui,sans-serif',
  cursor: 'pointer',
  'box-shadow': '0 4px 16px rgb(0 0 0/.25)',
});

function post(message: unknown): void {
  if (isReady) frame?.contentWindow?.postMessage({ tandem: 1, message }, host);
  else if (waiting.length < WAITING_MAX) waiting.push(message);
}

function open(): void {
  frame ??= makeFrame();
  frame.hidden = false;
  style(frame, { display: 'block' });
  button.setAttribute('aria-expanded', 'true');
  tell('open', {});
}

function close(): void {
  if (frame !== null) style(frame, { display: 'none' });
  button.setAttribute('aria-expanded', 'false');
  button.focus();
  tell('close', {});
}

const isOpen = (): boolean => frame !== null && frame.style.display !== 'none';

function makeFrame(): HTMLIFrameElement {
  const made = document.createElement('iframe');
  made.src = `${host}/embed/${encodeURIComponent(embed)}?origin=${encodeURIComponent(location.origin)}`;
  made.title = label;
  made.allow = 'clipboard-write';
  style(made, {
    position: 'fixed',
    right: '20px',
    bottom: '84px',
    'z-index': ABOVE,
    width: 'min(400px,calc(100vw - 40px))',
    height: 'min(640px,calc(100vh - 110px))',
    border: '0',
    'border-radius': '16px',
    background: 'Canvas',
    'box-shadow': '0 12px 40px rgb(0 0 0/.3)',
    'color-scheme': 'normal',
  });
  document.body.append(made);
  return made;
}

function tell(name: string, data: unknown): void {
  for (const handler of handlers.get(name) ?? []) {
    // A page's handler that throws is the page's to see, and stops nothing here.
    queueMicrotask(() => handler(data));
  }
}

addEventListener('message', (event) => {
  if (frame === null || event.source !== frame.contentWindow || event.origin !== host) return;
  const told: unknown = event.data;
  if (typeof told !== 'object' || told === null || !('tandem' in told) || told.tandem !== 1 || !('event' in told))
    return;
  const { event: heard } = told;
  if (typeof heard !== 'object' || heard === null || !('name' in heard) || typeof heard.name !== 'string') return;
  if (heard.name === 'frame:ready') {
    isReady = true;
    for (const message of waiting.splice(0)) post(message);
  } else if (heard.name === 'frame:close') {
    close();
  }
  tell(heard.name, 'data' in heard ? heard.data : null);
});

button.addEventListener('click', () => (isOpen() ? close() : open()));
addEventListener('keydown', ({ key }) => (key === 'Escape' && isOpen() ? close() : undefined));

const Tandem = Object.freeze({
  open,
  close,
  /** Calls the handler for an event of the chat, such as `message:received`. Gives back what ends that. */
  on(name: string, handler: Handler): () => void {
    const all = handlers.get(name) ?? new Set();
    handlers.set(name, all.add(handler));
    return () => void all.delete(handler);
  },
  /** One of the kinds that the chat understands: `display:message`, `persona:added`, `scenario:change`, … */
  send(kind: string, data: unknown): void {
    post({ kind, data });
  },
});
Object.defineProperty(globalThis, 'Tandem', { value: Tandem });

if (host !== '' && embed !== '') {
  const show = (): void => document.body.append(button);
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show);
  else show();
}
