// What a person at a terminal is told about an event, if anything. Pure.

import { durationText } from 'kernel/basics';

import { isKept, parseEvent, type EventData, type Verdict } from '../protocol/index.ts';

export function lineOf(kind: string, data: unknown): string | undefined {
  const event = parseEvent(kind, data);
  switch (event?.kind) {
    case 'run-started':
      return startLine(event.data);
    case 'run-resumed':
      return `Resumed; ${event.data.trialsKnown} trials are known already.`;
    case 'plan-made':
      return `Plan: ${event.data.upgrades.length} upgrades, risk ${event.data.risk}.`;
    case 'baseline-judged':
      return `As it is: ${event.data.kind}, ${runs(event.data.verdict)}. ${event.data.label}`;
    case 'trial-finished':
      return trialLine(event.data);
    case 'upgrade-kept':
      return `  kept     ${event.data.name} ${event.data.to}`;
    case 'upgrade-refused':
      return `  refused  ${event.data.name} ${event.data.to}: ${event.data.cause}`;
    default:
      return undefined;
  }
}

function startLine({ name, sandbox }: EventData<'run-started'>): string {
  if (sandbox.unsafe)
    return `WITHOUT ANY SANDBOX: the code of ${name} runs with all your rights, as asked by --unsafe-host.`;
  return `Upgrading ${name} in a sandbox (${sandbox.backEnd}).`;
}

function trialLine({ verdict, summary, wallMs, answeredBy }: EventData<'trial-finished'>): string {
  const mark = isKept(verdict) ? 'green' : 'red';
  const how = answeredBy === 'trial' ? durationText(wallMs) : 'known';
  return `Trial ${mark} (${how}): ${summary}`;
}

const runs = (verdict: Verdict): string => `${verdict.passed} of ${verdict.of} runs green`;
