// How the report looks: readable on a phone, on paper, in light and in dark.

export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #ffffff; --tint: #f6f8fa; --good: #0f6b35; --bad: #a40e26; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa7b4; --line: #30363d; --paper: #0d1117; --tint: #161b22; --good: #56d38a; --bad: #ff8f88; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 58rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.9rem; margin: 0 0 .25rem; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; } h3 { margin: 0 0 .35rem; font-size: 1.02rem; }
p { margin: .35rem 0; } .small, .figures { color: var(--soft); } .small { font-size: .875rem; }
article, details { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; margin: .6rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; } code, pre, .versions { font-family: ui-monospace, monospace; font-size: .875em; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.chip { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .8rem; white-space: nowrap; }
.good { color: var(--good); } .bad, .loud { color: var(--bad); } .loud { font-weight: 700; } .note { border-left: 3px solid var(--line); padding-left: .75rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
a { color: inherit; }
@media print { details { break-inside: avoid; } }
`;
