// The report of a run as one HTML file: what was kept, what was refused and why, and the evidence of each decision.
// Rule: folded from the journal alone, self-contained (no script, no address outside), and every value escaped.

import { countText, durationText } from 'kernel/basics';

import { isKept, spentText, type LevelResult, type Verdict } from '../protocol/index.ts';
import type { ModernizationView, TrialView, UpgradeView } from '../protocol/index.ts';
import { diagnosisHtml } from './report-diagnosis.ts';
import { REPORT_STYLE } from './report-style.ts';
import { escaped as text, prose } from './report-text.ts';

export function renderReport(run: string, view: ModernizationView): string {
  const title = `${view.started?.name ?? 'Project'} upgraded by Tandem`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${heading(run, view)}
${homeSection(view)}
${upgradesSection(
  'Kept',
  view.upgrades.filter(({ state }) => state === 'kept'),
  view,
)}
${upgradesSection(
  'Refused',
  view.upgrades.filter(({ state }) => state === 'refused'),
  view,
)}
${leftAloneSection(view)}
${decisionsSection(view)}
${trialsSection(view)}
${environmentSection(view)}
</main>
</body>
</html>
`;
}

function heading(run: string, view: ModernizationView): string {
  const kept = view.upgrades.filter(({ state }) => state === 'kept').length;
  const refused = view.upgrades.filter(({ state }) => state === 'refused').length;
  const unsafe =
    view.started?.sandbox.unsafe === true
      ? '<p class="loud">Run without a sandbox, as asked: the project’s code had this whole machine.</p>'
      : '';
  const baseline =
    view.baseline === null
      ? ''
      : `<p>The project as it was: <strong>${text(view.baseline.kind)}</strong>, ${runsText(view.baseline.verdict)}. ${text(view.baseline.label)}</p>${flakyList(view.baseline.flaky)}`;
  return `<header>
<p class="small">Run ${text(run)} · ${text(view.status)}</p>
<h1>${text(view.started?.name ?? 'Project')}</h1>
<p class="figures"><strong>${kept}</strong> kept · <strong>${refused}</strong> refused · ${trialsText(view)} · ${wallText(view)}</p>
${view.reason === null ? '' : `<p class="note">${text(view.reason)}${view.next === null ? '' : ` ${text(view.next)}`}</p>`}
${unsafe}${baseline}
</header>`;
}

function trialsText({ trials }: ModernizationView): string {
  const known = trials.filter(({ answeredBy }) => answeredBy === 'same-tree').length;
  return `${countText(trials.length - known, 'trial')}${known === 0 ? '' : `, ${known} more answered by an equal tree`}`;
}

const flakyList = (names: readonly string[]): string =>
  names.length === 0 ? '' : `<p>Tests that waver without any change:</p>${flakyNames(names)}`;

const flakyNames = (names: readonly string[]): string =>
  `<ul>${names.map((name) => `<li>${text(name)}</li>`).join('')}</ul>`;

function wallText(view: ModernizationView): string {
  if (view.startedAt === null || view.finishedAt === null) return 'not finished';
  return durationText(Date.parse(view.finishedAt) - Date.parse(view.startedAt));
}

function homeSection(view: ModernizationView): string {
  const { deployment } = view;
  if (deployment === null) return '';
  const commits = deployment.commits.map(
    ({ hash, subject }) => `<li><code>${text(hash.slice(0, 10))}</code> ${text(subject)}</li>`,
  );
  const line = deployment.fetchLine === null ? '' : `<p>Bring it home with</p><pre>${text(deployment.fetchLine)}</pre>`;
  return `<section><h2>The result</h2>${line}
<p>Branch <code>${text(deployment.branch)}</code>, one commit for each upgrade; take back any of them with <code>git revert</code>.</p>
<ol>${commits.join('')}</ol></section>`;
}

function upgradesSection(title: string, upgrades: readonly UpgradeView[], view: ModernizationView): string {
  if (upgrades.length === 0) return '';
  return `<section><h2>${text(title)}</h2>${upgrades.map((upgrade) => upgradeArticle(upgrade, view)).join('')}</section>`;
}

function upgradeArticle(upgrade: UpgradeView, view: ModernizationView): string {
  const trial = view.trials.find(({ id }) => id === upgrade.trial);
  const where =
    upgrade.where.length === 0
      ? ''
      : `<p>Where: ${upgrade.where.map((place) => `<code>${text(place)}</code>`).join(' ')}</p>`;
  const engines =
    upgrade.raisesEngines === null
      ? ''
      : `<p class="note">Raises the Node release the project asks for to ${text(upgrade.raisesEngines)}.</p>`;
  return `<article>
<h3>${text(upgrade.name)} <span class="versions">${versionsText(upgrade)}</span> ${chip(upgrade.verdict)}</h3>
${upgrade.cause === null ? '' : `<p>${text(upgrade.cause)}</p>`}${where}${engines}${olderText(upgrade)}${rewriteText(upgrade)}${warningsText(upgrade, view)}
${diagnosisHtml(upgrade.diagnosis ?? upgrade.insteadOf?.diagnosis ?? null)}
<p class="small">${text(upgrade.fromRange)} → ${text(upgrade.toRange)} in ${text(upgrade.kind)}; risk ${text(upgrade.risk)}. ${upgrade.reasons.map(prose).join(' ')}</p>
${trial === undefined ? '' : `<p class="small">Evidence: <a href="#trial-${text(trial.id)}">trial ${trial.number}</a>, files in <code>${text(trial.evidence ?? '')}</code>.</p>`}
</article>`;
}

function rewriteText({ rewrite, attempts }: UpgradeView): string {
  const tried = attempts.map(
    ({ sentence, verdict }) => `<p class="note">Tried: ${prose(sentence)} ${chip(verdict)}</p>`,
  );
  if (rewrite === null) return tried.join('');
  const places = rewrite.files.flatMap((file) => file.places.map((place) => `<code>${text(place)}</code>`));
  return `<p class="note">Kept with ${rewrite.files.length === 0 ? 'install scripts' : 'a change of code'}: ${prose(rewrite.sentence)} ${places.join(' ')}</p>${tried.join('')}`;
}

/** What the registry says against its versions. What it does not tell stands with the signals at the end. */
function warningsText({ name }: UpgradeView, { plan }: ModernizationView): string {
  const own = (plan?.warnings ?? []).filter((warning) => warning.name === name);
  if (own.length === 0) return '';
  const items = own.map(
    ({ version, kind, severity, text: words }) =>
      `<li>${text(version)}: ${text(kind)}${severity === null ? '' : `, ${text(severity)}`}: ${text(words)}</li>`,
  );
  return `<p class="small">What the registry says</p><ul>${items.join('')}</ul>`;
}

const olderText = ({ insteadOf }: UpgradeView): string =>
  insteadOf === null
    ? ''
    : `<p class="note">The newest version, ${text(insteadOf.to)}, was refused: ${text(insteadOf.cause)}</p>`;

/** Where the version is installed already, only the range moves. */
const versionsText = ({ from, to, fromRange, toRange }: UpgradeView): string =>
  from === to ? `${text(fromRange)} → ${text(toRange)}` : `${text(from ?? fromRange)} → ${text(to)}`;

function leftAloneSection(view: ModernizationView): string {
  const left = view.plan?.leftAlone ?? [];
  if (left.length === 0) return '';
  const rows = left.map(
    ({ name, range, reason }) =>
      `<tr><td>${text(name)}</td><td><code>${text(range)}</code></td><td>${text(reason)}</td></tr>`,
  );
  return `<section><h2>Left alone</h2><div class="wide"><table><thead><tr><th>Dependency</th><th>Range</th><th>Why</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function decisionsSection(view: ModernizationView): string {
  if (view.decisions.length === 0) return '';
  const items = view.decisions.map((decision) => {
    const label = decision.options.find(({ id }) => id === decision.answer?.option)?.label;
    const answer =
      decision.answer === null
        ? 'Open.'
        : `${text(label ?? decision.answer.option)}, by ${text(decision.answer.by)} at ${text(decision.answer.at)}.`;
    return `<article><h3>${text(decision.question)}</h3><p>${text(decision.why)}</p><p>${answer}</p></article>`;
  });
  return `<section><h2>Decisions</h2>${items.join('')}</section>`;
}

function trialsSection(view: ModernizationView): string {
  if (view.trials.length === 0) return '';
  return `<section><h2>Trials</h2>${view.trials.map(trialArticle).join('')}</section>`;
}

const PURPOSES: Readonly<Record<TrialView['purpose'], string>> = {
  baseline: 'The project as it is',
  'all-at-once': 'All at once',
  part: 'The part that promised most',
  'one-more': 'One more',
  older: 'An older version',
  alone: 'Alone',
  final: 'Everything that is kept, installed afresh',
  mended: 'With a change of code',
  instead: 'Another way',
};

/** The one that is tried on top of what was kept before. */
const aboutWhom = ({ purpose, upgrades }: TrialView): string =>
  purpose === 'one-more' ? `: ${text(upgrades.at(-1) ?? '')}` : '';

function trialArticle(trial: TrialView): string {
  const upgrades = trial.upgrades.length === 0 ? 'the project as it is' : trial.upgrades.map(text).join(', ');
  const answered = trial.answeredBy === 'same-tree' ? ' The same tree was judged before; it was not run again.' : '';
  return `<details id="trial-${text(trial.id)}"><summary>${trial.number}. ${PURPOSES[trial.purpose]}${aboutWhom(trial)} ${chip(trial.verdict)} <span class="small">${trial.wallMs === null ? '' : text(durationText(trial.wallMs))}</span></summary>
<p>${upgrades}</p><p>${text(trial.summary ?? '')}${answered}</p>
<ul>${trial.levels.map(levelItem).join('')}</ul>${quarantinedText(trial)}
<p class="small">Files in <code>${text(trial.evidence ?? '')}</code></p></details>`;
}

const quarantinedText = ({ quarantined }: TrialView): string =>
  quarantined.length === 0 ? '' : `<p class="small">They wavered and were not counted:</p>${flakyNames(quarantined)}`;

function levelItem(level: LevelResult): string {
  const failing = level.tests?.failing ?? [];
  const names =
    failing.length === 0
      ? ''
      : `<ul>${failing
          .slice(0, 20)
          .map((name) => `<li>${text(name)}</li>`)
          .join('')}</ul>`;
  const health = level.health
    .map(({ detail, waitedMs }) => ` ${text(detail)} (after ${text(durationText(waitedMs))})`)
    .join('');
  return `<li>Level ${level.level}, <code>${text(level.command)}</code>: ${level.ok ? 'green' : 'red'}, ${text(spentText(level) ?? durationText(level.wallMs))}. ${text(level.detail)}${health}${names}</li>`;
}

function environmentSection(view: ModernizationView): string {
  const { started, plan } = view;
  if (started === null) return '';
  const signals = (plan?.signals ?? []).map(
    ({ name, state, reason }) => `<li>${text(name)}: ${text(state)}${reason === null ? '' : ` (${text(reason)})`}</li>`,
  );
  return `<section><h2>How it was proven</h2>
<ul><li>Sandbox: ${text(started.sandbox.backEnd)}; ${text(started.sandbox.detail)}</li>
<li>Node ${text(started.versions.node)}, npm ${text(started.versions.npm)}, Tandem ${text(started.versions.tandem)}</li>
<li>Engines: ${text(started.options.engines)}</li>${signals.join('')}</ul></section>`;
}

const runsText = (verdict: Verdict): string => `${verdict.passed} of ${verdict.of} runs green`;

function chip(verdict: Verdict | null): string {
  if (verdict === null) return '';
  const runs = verdict.of === 0 ? '' : ` ${verdict.passed}/${verdict.of}`;
  return `<span class="chip ${isKept(verdict) ? 'good' : 'bad'}">${text(verdict.kind)}${runs}</span>`;
}
