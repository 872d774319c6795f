// Telling a person how far something is, on standard error.
// Rule: nothing is said within the first second. On a terminal one line is rewritten; elsewhere plain lines come,
// each only when its text is new, and not more often than every few seconds.

import { durationText, type Clock, type Instant } from '../basics/index.ts';
import type { Output } from './terminal.ts';

export interface Step {
  readonly text: string;
  /** Of how many steps how many are done, where that is known. */
  readonly done?: number;
  readonly total?: number;
  /** How long it takes yet, where somebody knows better than the share done. */
  readonly leftMs?: number;
}

export interface Progress {
  update(step: Step): void;
  /** Takes the line away again. */
  end(): void;
}

const QUIET_MS = 1000;
const PLAIN_EACH_MS = 5000;

export function createProgress(output: Output, clock: Clock): Progress {
  const startedAt = clock.now();
  let saidAt: Instant | undefined;
  let said = '';
  return {
    update(step) {
      const now = clock.now();
      if (now - startedAt < QUIET_MS) return;
      const line = progressLine(step, now - startedAt);
      if (output.isTTY === true) {
        output.write(`\r\u001b[2K${line.slice(0, (output.columns ?? 80) - 1)}`);
      } else {
        if (step.text === said && saidAt !== undefined && now - saidAt < PLAIN_EACH_MS) return;
        output.write(`${line}\n`);
      }
      saidAt = now;
      said = step.text;
    },
    end() {
      if (saidAt !== undefined && output.isTTY === true) output.write('\r\u001b[2K');
    },
  };
}

/** `Trying mocha 12 (3 of 7, about 40 s left)` */
export function progressLine(step: Step, passedMs: number): string {
  const { done, total } = step;
  const parts: string[] = [];
  if (done !== undefined && total !== undefined && total > 0) parts.push(`${done} of ${total}`);
  const leftMs = step.leftMs ?? estimate(done, total, passedMs);
  if (leftMs !== undefined && leftMs >= QUIET_MS)
    parts.push(`about ${durationText(Math.round(leftMs / 1000) * 1000)} left`);
  return parts.length === 0 ? step.text : `${step.text} (${parts.join(', ')})`;
}

const estimate = (done: number | undefined, total: number | undefined, passedMs: number): number | undefined =>
  done === undefined || total === undefined || done < 1 || done >= total
    ? undefined
    : (passedMs / done) * (total - done);
