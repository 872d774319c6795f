// Stages in order give one verdict. See guard.ts for the face and its rules.
// Where all stages need words only, they look at whole words as they come. Else stages up to the first that needs the
// whole answer look at each sentence as it comes; that one and those after it look once the answer is whole. So text leaves early only where no stage has to see more of it.
// Not here: what a stage looks for, and what a person is shown instead.

import type { Clock } from '../basics/index.ts';
import type { AnswerGuard, Guard, GuardPiece, GuardStage, StageVerdict, Verdict } from './guard.ts';
import { cutSentences, SentenceCutter } from './cut-sentences.ts';
import { WordCutter } from './cut-words.ts';

/** What a stage is told of the answer so far; as the face promises. */
const EARLIER_CHARS_MAX = 2000;
/** The longest answer that is kept for a stage which needs all of it: ten times the longest a model gives today. */
export const ANSWER_CHARS_MAX = 2_000_000;

const PASSED: Verdict = { kind: 'passed' };
const LATE = Symbol('late');

interface Judged {
  readonly text: string;
  readonly verdict: Verdict;
}

type Refused = Extract<Verdict, { kind: 'refused' }>;

/** Made of stages in the order in which they look. No stages: everything passes. */
export function createGuard(stages: readonly GuardStage[], clock: Clock): Guard {
  const before = stages.filter((stage) => stage.sides.includes('before'));
  const after = stages.filter((stage) => stage.sides.includes('after'));
  const wholeFrom = after.findIndex((stage) => stage.needs === 'answer');
  const early = wholeFrom === -1 ? after : after.slice(0, wholeFrom);
  const late = wholeFrom === -1 ? [] : after.slice(wholeFrom);
  return {
    stages,
    before: (text, audience) => judge(before, { side: 'before', text, earlier: '', isLast: true, audience }, clock),
    answer: (audience) => new GuardedAnswer({ early, late, clock, audience }),
  };
}

interface AnswerParts {
  readonly early: readonly GuardStage[];
  readonly late: readonly GuardStage[];
  readonly clock: Clock;
  readonly audience: string;
}

class GuardedAnswer implements AnswerGuard {
  readonly #parts: AnswerParts;
  readonly #cutter: SentenceCutter | WordCutter;
  /** Passed by the early stages, kept for those that need all of it. */
  #waiting = '';
  #earlier = '';
  #verdict: Verdict = PASSED;
  #hasEnded = false;
  /** Pieces are judged one after the other, also where a caller does not wait. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: AnswerParts) {
    this.#parts = parts;
    const isWordwise = parts.early.every(({ needs }) => needs === 'word') && parts.late.length === 0;
    this.#cutter = isWordwise ? new WordCutter() : new SentenceCutter();
  }

  push(text: string): Promise<Judged> {
    return this.#inTurn(() => this.#passEarly(this.#cutter.push(text), false));
  }

  end(): Promise<Judged> {
    return this.#inTurn(async () => {
      if (this.#hasEnded) return { text: '', verdict: this.#verdict };
      this.#hasEnded = true;
      const rest = this.#cutter.end();
      const passed = await this.#passEarly(rest === '' ? [] : [rest], true);
      const { text } = this.#parts.late.length === 0 ? passed : await this.#passLate();
      return { text, verdict: this.#verdict };
    });
  }

  #inTurn(work: () => Promise<Judged>): Promise<Judged> {
    const done = this.#turn.then(work);
    this.#turn = done;
    return done;
  }

  async #passEarly(sentences: readonly string[], isLast: boolean): Promise<Judged> {
    let text = '';
    let verdict: Verdict = PASSED;
    for (const sentence of sentences) {
      if (this.#verdict.kind === 'refused') break;
      const judged = await this.#judge(this.#parts.early, sentence, isLast);
      verdict = graver(verdict, judged.verdict);
      text += judged.text;
    }
    if (this.#parts.late.length === 0) return { text, verdict: this.#refusalOr(verdict) };
    this.#waiting += text;
    if (this.#waiting.length > ANSWER_CHARS_MAX)
      this.#verdict = refusedBy('guard', 'The answer is too long to be seen.');
    return { text: '', verdict: this.#refusalOr(verdict) };
  }

  /** Stages that need all get all; a stage behind them that needs sentences gets each by itself. */
  async #passLate(): Promise<Judged> {
    let text = this.#waiting;
    this.#waiting = '';
    for (const stage of this.#parts.late) {
      const pieces = stage.needs === 'answer' ? [text] : cutSentences(text);
      text = '';
      this.#earlier = '';
      for (const [index, piece] of pieces.entries()) {
        if (this.#verdict.kind === 'refused') return { text: '', verdict: this.#verdict };
        text += (await this.#judge([stage], piece, index === pieces.length - 1)).text;
      }
    }
    // A refusal of the last piece is a refusal of what waited with it.
    return { text: this.#verdict.kind === 'refused' ? '' : text, verdict: this.#verdict };
  }

  async #judge(stages: readonly GuardStage[], text: string, isLast: boolean): Promise<Judged> {
    const { audience, clock } = this.#parts;
    const judged = await judge(stages, { side: 'after', text, earlier: this.#earlier, isLast, audience }, clock);
    this.#earlier = (this.#earlier + judged.text).slice(-EARLIER_CHARS_MAX);
    this.#verdict = graver(this.#verdict, judged.verdict);
    return judged;
  }

  #refusalOr(verdict: Verdict): Verdict {
    return this.#verdict.kind === 'refused' ? this.#verdict : verdict;
  }
}

/** One piece through stages in order; each sees what the one before it made of the text. */
async function judge(stages: readonly GuardStage[], piece: GuardPiece, clock: Clock): Promise<Judged> {
  let text = piece.text;
  let verdict: Verdict = PASSED;
  for (const stage of stages) {
    const said = await ask(stage, { ...piece, text }, clock);
    if (said.kind === 'refused') return { text: '', verdict: refusedBy(stage.name, said.reason, said.instead) };
    if (said.kind === 'passed') continue;
    text = said.text;
    verdict = graver(verdict, { kind: 'changed', by: stage.name, reason: said.reason });
  }
  return { text, verdict };
}

/** A stage that throws, hangs or answers nonsense has refused. */
async function ask(stage: GuardStage, piece: GuardPiece, clock: Clock): Promise<StageVerdict> {
  const over = new AbortController();
  let isUnderWay = true;
  try {
    const answer: unknown = stage.check(piece, over.signal);
    // Most stages answer at once; a timer for each sentence of each of them would cost more than they do.
    isUnderWay = isPromise(answer);
    if (!isPromise(answer)) return readVerdict(answer);
    const limit = clock.sleep(stage.timeoutMs, over.signal).then(() => LATE);
    const first: unknown = await Promise.race([answer, limit]);
    return first === LATE ? refusal('The stage did not answer in time.') : readVerdict(first);
  } catch {
    // What was thrown may hold the words that were judged; that the stage broke is all that may be told.
    return refusal('The stage failed.');
  } finally {
    // With a reason of its own no exception is made for it. A stage that has answered has nothing to stop.
    if (isUnderWay) over.abort('over');
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value;

/** Stages are other people's code: what they answer is looked at before it is believed. */
function readVerdict(answer: unknown): StageVerdict {
  if (typeof answer !== 'object' || answer === null || !('kind' in answer)) return refusal(NONSENSE);
  if (answer.kind === 'passed') return { kind: 'passed' };
  if (!('reason' in answer) || typeof answer.reason !== 'string') return refusal(NONSENSE);
  const reason = answer.reason;
  if (answer.kind === 'changed' && 'text' in answer && typeof answer.text === 'string') {
    return answer.text.length > ANSWER_CHARS_MAX ? refusal(NONSENSE) : { kind: 'changed', text: answer.text, reason };
  }
  if (answer.kind !== 'refused') return refusal(NONSENSE);
  const instead = 'instead' in answer && typeof answer.instead === 'string' ? answer.instead : undefined;
  return { kind: 'refused', reason, ...(instead === undefined ? {} : { instead }) };
}

const NONSENSE = 'The stage gave no verdict that can be understood.';
const refusal = (reason: string): StageVerdict => ({ kind: 'refused', reason });
const refusedBy = (by: string, reason: string, instead?: string): Refused => ({
  kind: 'refused',
  by,
  reason,
  instead: instead ?? null,
});

const GRAVITY: Readonly<Record<Verdict['kind'], number>> = { passed: 0, changed: 1, refused: 2 };
/** The graver of two; of equal ones the first. */
const graver = (one: Verdict, other: Verdict): Verdict => (GRAVITY[other.kind] > GRAVITY[one.kind] ? other : one);
