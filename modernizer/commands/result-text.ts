// The result of a run as a person reads it at the end of a command. Pure.

import { countText, durationText } from 'kernel/basics';

import type { CallSite, ModernizationResult } from '../protocol/index.ts';

export function resultText(result: ModernizationResult): string {
  const lines = [headline(result)];
  if (result.reason !== null) lines.push(result.reason);
  if (result.next !== null) lines.push(result.next);
  if (result.kept.length > 0) lines.push('', 'Kept', ...result.kept.map(keptLine));
  if (result.refused.length > 0) lines.push('', 'Refused', ...result.refused.flatMap(refusedLines));
  const open = result.decisions.filter(({ chosen }) => chosen === null);
  for (const { id, question, options } of open) {
    lines.push(
      '',
      question,
      ...options.map((option) => `  npx tandem decide ${result.run} ${id} ${option.id}   ${option.label}`),
    );
  }
  if (result.fetchLine !== null) lines.push('', 'Bring it home:', `  ${result.fetchLine}`);
  if (result.report !== null) lines.push('', `Report: ${result.report}`);
  return lines.join('\n');
}

function headline(result: ModernizationResult): string {
  const counts = `${result.kept.length} kept, ${result.refused.length} refused`;
  const trials = countText(result.trials, 'trial');
  const time = result.wallMs > 0 ? ` in ${durationText(result.wallMs)}` : '';
  return `Run ${result.run} is ${result.status}: ${counts}, ${trials}${time}.`;
}

function keptLine({ name, from, to, fromRange, verdict, raisesEngines }: ModernizationResult['kept'][number]): string {
  const engines = raisesEngines === null ? '' : `, asks for Node ${raisesEngines}`;
  return `  ${name} ${from ?? fromRange} → ${to}   ${verdict.kind} ${verdict.passed} of ${verdict.of}${engines}`;
}

function refusedLines(refused: ModernizationResult['refused'][number]): readonly string[] {
  const { name, from, to, fromRange, verdict, cause, where, diagnosis } = refused;
  const first = `  ${name} ${from ?? fromRange} → ${to}   ${verdict.kind}`;
  const sites = diagnosis?.cause.kind === 'named' ? diagnosis.cause.sites : [];
  const places = sites.length > 0 ? sites.map(siteLine) : where.length === 0 ? [] : [`      at ${where.join(', ')}`];
  return [first, `      ${cause}`, ...places];
}

const siteLine = ({ file, line, text }: CallSite): string =>
  `      at ${file}:${line}${text === null ? '' : `  ${text}`}`;
