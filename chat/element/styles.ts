// How the element looks. In a constructed sheet, so that a page's Content-Security-Policy needs no inline styles.

const CSS = `
:host { color-scheme: light dark; display: block; block-size: 32rem; min-block-size: 16rem;
  --canvas: light-dark(#ffffff, #141419); --sunken: light-dark(#f2f2f5, #1d1d25); --line: light-dark(#e5e5eb, #2b2b35);
  --control: light-dark(#8a8a99, #757586); --ink: light-dark(#17171d, #ececf1); --ink-soft: light-dark(#4c4c59, #b1b1bf);
  --ink-faint: light-dark(#656573, #9a9aa9); --accent: light-dark(#5b3fd6, #6a50ee); --accent-ink: #ffffff;
  --accent-text: light-dark(#5236c9, #b0a2ff); --accent-soft: light-dark(#efecfd, #211c3c); --bad: light-dark(#ad2018, #ff958c);
  --good: light-dark(#0c6537, #63d69a); --warn: light-dark(#814b00, #eab658);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: var(--ink); background: var(--canvas); }
:host([theme='light']) { color-scheme: light; } :host([theme='dark']) { color-scheme: dark; } :host([hidden]) { display: none; }
* { box-sizing: border-box; } [hidden] { display: none !important; }
.chat { display: flex; flex-direction: column; block-size: 100%; min-inline-size: 0; position: relative; background: var(--canvas); }
header { display: flex; gap: .6rem; align-items: center; padding: .6rem .9rem; border-block-end: 1px solid var(--line); }
header h1, header h2 { font-size: 1rem; line-height: 1.3; margin: 0; flex: 1; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.step { font-size: .8rem; color: var(--ink-faint); }
.scroller { flex: 1; overflow-y: auto; overflow-x: hidden; overflow-anchor: none; overscroll-behavior: contain; min-block-size: 0; contain: strict; }
.rows { position: relative; }
.row { padding: .5rem .9rem; display: flow-root; contain: layout style; }
.row.aside { position: absolute; inset-inline: 0; inset-block-start: -200rem; }
.row.user .text { background: var(--accent-soft); border-radius: 1rem 1rem .25rem 1rem; padding: .5rem .8rem; margin-inline-start: auto; inline-size: fit-content; max-inline-size: min(36rem, 85%); white-space: pre-wrap; overflow-wrap: anywhere; }
.row.user .extras { display: flex; flex-direction: column; align-items: flex-end; }
.row.bot .text { max-inline-size: 46rem; overflow-wrap: anywhere; }
.text p, .text ul, .text ol, .text pre, .text blockquote, .text h3, .text h4, .text h5, .text h6, .text .table { margin: 0 0 .6rem; }
.text > :last-child > :last-child { margin-block-end: .1rem; }
.text h3, .text h4, .text h5, .text h6 { font-size: 1.05rem; line-height: 1.3; margin-block-start: .4rem; }
.text ul, .text ol { padding-inline-start: 1.4rem; }
.text pre { background: var(--sunken); border-radius: .5rem; padding: .7rem .8rem; overflow-x: auto; font-size: .86em; }
.text code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
.text :not(pre) > code { background: var(--sunken); border-radius: .25rem; padding: .05em .3em; font-size: .9em; }
.text blockquote { border-inline-start: 3px solid var(--line); padding-inline-start: .8rem; color: var(--ink-soft); }
.text .table { overflow-x: auto; } .text table { border-collapse: collapse; font-size: .92em; }
.text th, .text td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: start; }
.text img, figure img { max-inline-size: 100%; block-size: auto; border-radius: .5rem; display: block; }
.text .host, .picture-left-out { color: var(--ink-faint); font-size: .88em; } .text .plain { white-space: pre-wrap; }
a { color: var(--accent-text); }
figure { margin: .3rem 0; position: relative; inline-size: fit-content; max-inline-size: min(24rem, 100%); }
figure .icon { position: absolute; inset-block-start: .4rem; inset-inline-end: .4rem; background: var(--canvas); opacity: 0; }
figure:hover .icon, figure .icon:focus-visible { opacity: 1; }
.footer { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center; min-block-size: 1.75rem; }
.chips { display: flex; flex-wrap: wrap; gap: .3rem; } .chip { font-size: .75rem; line-height: 1.4; color: var(--ink-faint); border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; }
.chip.refused { color: var(--bad); } .chip.changed { color: var(--warn); } .chip.passed { color: var(--good); }
.actions { display: flex; align-items: center; gap: .1rem; } .branch { font-size: .78rem; color: var(--ink-soft); font-variant-numeric: tabular-nums; }
@media (hover: hover) { .actions .icon { opacity: .55; } .row:hover .actions .icon, .actions .icon:focus-visible, .actions .icon[aria-pressed='true'] { opacity: 1; } }
button { font: inherit; color: inherit; cursor: pointer; }
.icon { display: inline-grid; place-items: center; inline-size: 1.75rem; block-size: 1.75rem; border: 0; border-radius: .4rem; background: none; color: var(--ink-soft); padding: 0; }
.icon:hover:not(:disabled) { background: var(--sunken); color: var(--ink); } .icon:disabled { opacity: .35; cursor: default; } .icon[aria-pressed='true'] { color: var(--accent-text); }
svg { inline-size: 1rem; block-size: 1rem; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.link { border: 0; background: none; padding: .1rem .3rem; color: var(--accent-text); text-decoration: underline; font-size: .85rem; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 1px; }
.note, .problem { margin: .2rem 0; font-size: .82rem; color: var(--ink-faint); } .problem { color: var(--bad); } .tool { font-size: .82rem; color: var(--ink-soft); }
.typing { display: inline-flex; gap: .25rem; padding: .3rem 0; } .typing i { inline-size: .4rem; block-size: .4rem; border-radius: 50%; background: var(--ink-faint); animation: breathe 1.2s ease-in-out infinite; }
.typing i:nth-child(2) { animation-delay: .2s; } .typing i:nth-child(3) { animation-delay: .4s; }
@keyframes breathe { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
.jump { position: absolute; inset-block-end: .6rem; inset-inline-start: 50%; transform: translateX(-50%); border: 1px solid var(--line); border-radius: 2rem; background: var(--canvas); padding: .3rem .9rem; font-size: .85rem; box-shadow: 0 2px 10px rgb(0 0 0 / 18%); }
.middle { position: relative; flex: 1; min-block-size: 0; display: flex; flex-direction: column; }
.greeting { padding: 1rem .9rem; color: var(--ink-soft); } .greeting:empty { display: none; }
.chooser { display: flex; flex-wrap: wrap; gap: .4rem; padding: .3rem .9rem; } .chooser:empty { display: none; }
.choice { border: 1px solid var(--control); border-radius: 2rem; background: none; padding: .25rem .8rem; font-size: .88rem; text-align: start; } .choice:hover { background: var(--sunken); }
.problem-bar { display: flex; gap: .5rem; align-items: center; padding: .4rem .9rem; font-size: .88rem; color: var(--bad); border-block-start: 1px solid var(--line); } .problem-bar:empty { display: none; } .problem-bar span { flex: 1; }
form { display: flex; gap: .4rem; align-items: flex-end; padding: .6rem .9rem .8rem; border-block-start: 1px solid var(--line); }
form .field { flex: 1; min-inline-size: 0; border: 1px solid var(--control); border-radius: .8rem; background: var(--canvas); }
textarea { display: block; inline-size: 100%; font: inherit; color: inherit; background: none; border: 0; border-radius: .8rem; padding: .5rem .8rem; resize: none; max-block-size: 12rem; min-block-size: 2.5rem; field-sizing: content; }
textarea::placeholder { color: var(--ink-faint); opacity: 1; }
form .icon { inline-size: 2.5rem; block-size: 2.5rem; } form .send { background: var(--accent); color: var(--accent-ink); border-radius: .8rem; } form .send:hover:not(:disabled) { background: var(--accent); color: var(--accent-ink); filter: brightness(1.08); } form .send:disabled { opacity: .5; }
.attached { display: flex; flex-wrap: wrap; gap: .3rem; padding: .3rem .5rem 0; font-size: .8rem; } .attached:empty { display: none; }
.inline { display: flex; flex-direction: column; gap: .4rem; } .inline textarea { border: 1px solid var(--control); } .inline div { display: flex; gap: .4rem; justify-content: flex-end; }
.inline button { border: 1px solid var(--control); border-radius: .5rem; background: none; padding: .2rem .8rem; } .inline .main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
.hidden-text { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) { .row { padding-inline: .7rem; } .row.user .text { max-inline-size: 92%; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } .typing i { opacity: .7; } }
@media (forced-colors: active) { .chip, .choice, .jump { border-color: ButtonText; } }
`;

let sheet: CSSStyleSheet | null = null;

/** One for all elements of a page. */
export function styleSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
