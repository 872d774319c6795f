// Statistics as one HTML file that needs nothing else: no script, no address outside, readable on a phone, in light and in
// dark, on paper, and without colours (every bar says its number).
// Rule: every value is escaped; the same statistics give the same text.

import { bytesText, countText, toIso, type Instant } from 'kernel/basics';

import { ACTOR_CLASSES, BASIS_POINTS_MAX, type ActorClass } from './attribution.ts';
import { REPORT_STYLE } from './report-style.ts';
import { CLASS_TITLES, dollarsText, GROUPING_TITLES, percentText, statisticsSentence } from './statistics-text.ts';
import { classShares, GROUPINGS, type Group, type Statistics, type Tally } from './statistics.ts';

export interface ReportHeading {
  readonly repository: string;
  readonly channel: string;
  readonly at: Instant;
}

/** Names in one table; with more, the rest is counted in one line. */
const ROWS_MAX = 100;

export function reportHtml(statistics: Statistics, { repository, channel, at }: ReportHeading): string {
  const title = `Who wrote ${repository}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header>
<p class="small">Channel ${escaped(channel)} · ${escaped(toIso(at).slice(0, 16).replace('T', ' '))} UTC</p>
<h1>${escaped(title)}</h1>
<p>${escaped(statisticsSentence(statistics))}.</p>
</header>
${classBar(statistics)}
${classCards(statistics)}
${GROUPINGS.map((grouping) => groupSection(GROUPING_TITLES[grouping], statistics.groups[grouping], statistics.total)).join('')}
<footer class="small"><p>AI: all that an AI took part in. Known human: what somebody or an editor stated to be typed by a person. Untracked: nobody knows, and nothing is guessed from style. Shares are of the bytes that are in the channel now.</p></footer>
</main>
</body>
</html>
`;
}

/** The three classes as one bar, each with its own pattern, and its numbers below. */
function classBar(statistics: Statistics): string {
  const shares = classShares(statistics);
  let at = 0;
  const pieces = ACTOR_CLASSES.map((each) => {
    const width = shares[each] / 100;
    const piece = `<rect class="${each}" x="${at}" y="0" width="${width}" height="8"/>`;
    at = Math.round((at + width) * 100) / 100;
    return width === 0 ? '' : piece;
  });
  const label = ACTOR_CLASSES.map(
    (each) => `${CLASS_TITLES[each]} ${percentText(shares[each] / BASIS_POINTS_MAX)}`,
  ).join(', ');
  const legend = ACTOR_CLASSES.map(
    (each) =>
      `<li><span class="swatch ${each}"></span>${CLASS_TITLES[each]} <strong>${escaped(percentText(shares[each] / BASIS_POINTS_MAX))}</strong></li>`,
  );
  return `<section aria-label="Shares">
<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${escaped(label)}">${pieces.join('')}</svg>
<ul class="legend">${legend.join('')}</ul>
</section>`;
}

const classCards = ({ classes }: Statistics): string =>
  `<section class="cards" aria-label="Classes">
${ACTOR_CLASSES.map((each) => classCard(each, classes[each])).join('\n')}
</section>`;

function classCard(each: ActorClass, tally: Tally): string {
  const { accept, edit, reject } = tally.reviews;
  const lines = [
    `${countText(tally.alive.lines, 'line')}, ${bytesText(tally.alive.bytes)}`,
    countText(tally.patches, 'patch', 'patches'),
    ...(tally.kept === null
      ? []
      : [`${percentText(tally.kept / BASIS_POINTS_MAX)} of what was written is still there`]),
    ...(accept + edit + reject === 0 ? [] : [`${accept} accepted, ${edit} edited, ${reject} rejected by review`]),
    ...(tally.tokens === 0 ? [] : [countText(tally.tokens, 'token')]),
    ...(tally.cost === 0 ? [] : [dollarsText(tally.cost)]),
  ];
  return `<article class="${each}"><h2>${CLASS_TITLES[each]}</h2>${lines.map((line) => `<p>${escaped(line)}</p>`).join('')}</article>`;
}

function groupSection(title: string, groups: readonly Group[], total: Tally): string {
  if (groups.length === 0) return '';
  const rest = groups.length - ROWS_MAX;
  const more = rest > 0 ? `<p class="small">${escaped(countText(rest, 'more name'))} not shown.</p>` : '';
  return `<section>
<h2>${escaped(title)}</h2>
<table>
<thead><tr><th scope="col">Name</th><th scope="col">Share</th><th scope="col">Patches</th><th scope="col">Lines</th><th scope="col">Kept</th><th scope="col">Tokens</th><th scope="col">Cost</th></tr></thead>
<tbody>
${groups
  .slice(0, ROWS_MAX)
  .map((group) => groupRow(group, total))
  .join('\n')}
</tbody>
</table>
${more}</section>
`;
}

function groupRow({ name, tally }: Group, total: Tally): string {
  const share = total.alive.bytes === 0 ? 0 : tally.alive.bytes / total.alive.bytes;
  const bar = `<svg class="small-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.round(share * 10_000) / 100}" height="6"/></svg>`;
  const cells: readonly (readonly [string, string])[] = [
    ['Patches', String(tally.patches)],
    ['Lines', String(tally.alive.lines)],
    ['Kept', tally.kept === null ? '–' : percentText(tally.kept / BASIS_POINTS_MAX)],
    ['Tokens', tally.tokens === 0 ? '–' : String(tally.tokens)],
    ['Cost', tally.cost === 0 ? '–' : dollarsText(tally.cost)],
  ];
  const rest = cells.map(([label, value]) => `<td data-label="${label}">${escaped(value)}</td>`).join('');
  return `<tr><th scope="row">${escaped(name)}</th><td data-label="Share">${bar}${escaped(percentText(share))}</td>${rest}</tr>`;
}

/** A value as text in HTML, also inside of an attribute. */
const escaped = (value: string): string =>
  value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
