// The face of the guard: stages in order give one verdict on what goes to a model and on what comes back.
// Rule: a broken guard is a closed gate. A stage that throws, hangs or answers nonsense refuses.
// Rule: nothing a later stage has not passed leaves the guard; text is let go a piece at a time, as soon as it may.
// Not here: policies (they live in products) and what is shown instead of a refused answer (the caller).

/** What a stage looks at. `text` is all of the piece; nothing of it has left yet. */
export interface GuardPiece {
  readonly side: 'before' | 'after';
  readonly text: string;
  /** What was let through earlier in the same answer, at most the last 2,000 characters. Empty before a call. */
  readonly earlier: string;
  /** True for the last piece of an answer. */
  readonly isLast: boolean;
  /** Who it is for: a person's id, or a child's; stages choose their policy by it. */
  readonly audience: string;
}

export type StageVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'changed'; readonly text: string; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly instead?: string };

export interface GuardStage {
  readonly name: string;
  readonly sides: readonly GuardPiece['side'][];
  /** How much of an answer it must see at once: whole words, each sentence by itself, or all of it. */
  readonly needs: 'word' | 'sentence' | 'answer';
  /** A stage that has not answered by then has refused. */
  readonly timeoutMs: number;
  check(piece: GuardPiece, signal: AbortSignal): StageVerdict | Promise<StageVerdict>;
}

/** One verdict of all stages. `by` is the stage; null where all passed. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'changed'; readonly by: string; readonly reason: string }
  | { readonly kind: 'refused'; readonly by: string; readonly reason: string; readonly instead: string | null };

export interface AnswerGuard {
  /** Takes what the model said; gives what may be shown now. Refused: nothing more will ever be shown. */
  push(text: string): Promise<{ readonly text: string; readonly verdict: Verdict }>;
  /** The rest, once the answer is whole. */
  end(): Promise<{ readonly text: string; readonly verdict: Verdict }>;
}

export interface Guard {
  readonly stages: readonly GuardStage[];
  /** Before a call: the text as it may be sent, and the verdict. */
  before(text: string, audience: string): Promise<{ readonly text: string; readonly verdict: Verdict }>;
  /** For one answer. */
  answer(audience: string): AnswerGuard;
}
