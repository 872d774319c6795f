// What a message looks like besides its text, and what its chips say. Pure.

import type { AnswerVerdict, Message } from 'chat/protocol';
import type { ThreadMessage } from 'chat/thread';
import { ShieldAlert, ShieldCheck, ShieldQuestion, ShieldX } from 'lucide-react';

import type { Look } from '../components/chip.tsx';
import { moneyText } from '../components/money.ts';

/** Two messages with the same of these are drawn alike, but for their text, which has its own way. */
export const looksOf = (message: ThreadMessage): string =>
  JSON.stringify([
    message.status,
    message.delivery,
    message.problem,
    message.reaction,
    message.branch,
    message.source,
    message.costMicroUsd,
    message.usage,
    message.verdict,
    message.runId,
    message.artifacts.map(({ id }) => id),
    message.tools.map(({ callId, output }) => [callId, output === undefined]),
  ]);

export function costText({ costMicroUsd, usage }: Pick<Message, 'costMicroUsd' | 'usage'>): string | null {
  if (costMicroUsd === null) return null;
  if (costMicroUsd === 0) return 'free';
  return `${usage?.isEstimated === true ? 'about ' : ''}${moneyText(costMicroUsd)}`;
}

const VERDICTS: Readonly<Record<AnswerVerdict['kind'], Look>> = {
  passed: { tone: 'good', icon: ShieldCheck, word: 'passed' },
  changed: { tone: 'warn', icon: ShieldAlert, word: 'changed' },
  refused: { tone: 'bad', icon: ShieldX, word: 'refused' },
  'not-checked': { tone: 'idle', icon: ShieldQuestion, word: 'not checked' },
};

export const verdictLook = ({ kind }: AnswerVerdict): Look => VERDICTS[kind];

export const attemptsText = (attempts: number): string =>
  attempts <= 1 ? 'one attempt' : `${attempts} attempts: it went on elsewhere`;

/** A budget that refused, by the words of its fault: the way out of it is on the page of costs. */
export const isOverBudget = (problem: string | null): boolean => problem !== null && /\bbudget\b/i.test(problem);
