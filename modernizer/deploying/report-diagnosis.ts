// What changed in a refused package and where the project uses it, as HTML for the report. Every value is escaped.

import { changeWords, proofWords, type ApiChange, type CallSite, type Diagnosis } from '../protocol/index.ts';
import { escaped, prose } from './report-text.ts';

/** Nothing where nothing was looked into. */
export function diagnosisHtml(diagnosis: Diagnosis | null): string {
  if (diagnosis === null) return '';
  const { cause, difference, changelog, unknown } = diagnosis;
  const named = cause.kind === 'named' ? `${changeHtml(cause)}<p class="small">${proofWords(cause.proof)}</p>` : '';
  const others = (difference?.used ?? []).filter(({ symbol }) => cause.kind !== 'named' || symbol !== cause.symbol);
  const parts = [
    named,
    list(
      'Changed besides, and used by the project',
      others.map((change) => changeHtml(change)),
    ),
    list(
      'The package as a whole',
      diagnosis.package.map((sentence) => prose(sentence)),
    ),
    changelog === null
      ? ''
      : `<p class="small">From its ${escaped(changelog.file)}</p><pre>${escaped(changelog.text)}</pre>`,
    list(
      'Not known',
      unknown.map((sentence) => prose(sentence)),
    ),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `<details open><summary>What changed</summary>${parts.join('')}</details>`;
}

function changeHtml(change: Omit<ApiChange, 'uses'>): string {
  const { symbol, before, after, sites } = change;
  const signatures = [
    before === null ? '' : `<pre class="bad">− ${escaped(before)}</pre>`,
    after === null ? '' : `<pre class="good">+ ${escaped(after)}</pre>`,
  ].join('');
  return `<p><code>${escaped(symbol)}</code> ${escaped(changeWords(change))}.</p>${signatures}${sites.map(siteHtml).join('')}`;
}

const siteHtml = ({ file, line, text }: CallSite): string =>
  `<p class="small"><code>${escaped(file)}:${line}</code>${text === null ? '' : ` <code>${escaped(text)}</code>`}</p>`;

const list = (title: string, items: readonly string[]): string =>
  items.length === 0
    ? ''
    : `<p class="small">${escaped(title)}</p><ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
