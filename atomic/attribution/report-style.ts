// How the report looks: at 390 px each row of a table becomes a block with its labels; classes differ by pattern too.

export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --tint: #f6f8fa; --ai: #8250df; --human: #0f6b35; --untracked: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa7b4; --line: #30363d; --paper: #0d1117; --tint: #161b22; --ai: #bc8cff; --human: #56d38a; --untracked: #768390; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 58rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.9rem; margin: 0 0 .25rem; overflow-wrap: anywhere; } h2 { margin: 2.25rem 0 .75rem; font-size: 1.25rem; }
p { margin: .35rem 0; } .small { color: var(--soft); font-size: .875rem; }
.bar { display: block; width: 100%; height: 1.75rem; margin-top: 1.25rem; border-radius: .375rem; background: var(--tint); }
rect.ai { fill: var(--ai); } rect.human { fill: var(--human); } rect.untracked { fill: var(--untracked); }
.small-bar { display: block; width: 100%; min-width: 4rem; height: .4rem; margin: .5rem 0 .15rem; border-radius: .2rem; background: var(--tint); } .small-bar rect { fill: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: .5rem 0 0; padding: 0; }
.swatch { display: inline-block; width: .8rem; height: .8rem; margin-right: .4rem; border-radius: .2rem; vertical-align: baseline; }
.swatch.ai { background: var(--ai); } .swatch.human { background: var(--human); border-radius: 50%; } .swatch.untracked { background: repeating-linear-gradient(45deg, var(--untracked) 0 2px, var(--paper) 2px 4px); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .75rem; margin-top: 1.25rem; }
article { border: 1px solid var(--line); border-top-width: .3rem; border-radius: .5rem; padding: .5rem 1rem .75rem; }
article.ai { border-top-color: var(--ai); } article.human { border-top-color: var(--human); } article.untracked { border-top-color: var(--untracked); border-top-style: dashed; }
article h2 { margin: .25rem 0; font-size: 1.05rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: .4rem .6rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th:first-child { text-align: left; overflow-wrap: anywhere; } tbody th { font-weight: 600; } thead th { color: var(--soft); font-weight: 400; font-size: .875rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .75rem; }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { display: block; border: 0; padding: .05rem 0; }
  td { display: grid; grid-template-columns: 5rem 1fr; column-gap: .75rem; text-align: left; }
  td::before { content: attr(data-label); color: var(--soft); } td .small-bar { align-self: center; margin: 0; } td:has(.small-bar) { grid-template-columns: 5rem 1fr 4rem; }
}
@media print { tr, article { break-inside: avoid; } }
`;
