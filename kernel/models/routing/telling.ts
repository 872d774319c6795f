// What the reader of an answer gets, whoever says it: one text in order, guarded, joined where it broke off.
// Rule: what was given cannot be taken back. So half a character, the input of a tool that is not whole, and the end of
// a text are kept until they are certain, and nothing is given that the guard has not passed.
// Not here: asking, and deciding who goes on.

import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';

import type { AnswerGuard, Verdict } from '../../guard/index.ts';
import { Stitcher } from './stitch.ts';

export type Part = LanguageModelV4StreamPart;
type ToolPart = Extract<Part, { type: 'tool-input-start' | 'tool-input-delta' | 'tool-input-end' }>;

export interface TellingParts {
  /** Of this caller; undefined where nobody looks. */
  readonly guard: AnswerGuard | undefined;
  /** What the reader has from before. */
  readonly alreadySaid: string;
  readonly includeRaw: boolean;
}

const NO_ONE_LOOKED: Verdict = { kind: 'passed' };

export class Telling {
  readonly #parts: TellingParts;
  /** All that models said and that is not a repeat, also what the guard still holds. */
  #said: string;
  #stitcher: Stitcher;
  #attempt = 0;
  /** The first half of a character that came in two. */
  #half = '';
  #lead: Part[] | undefined = [];
  #texts = 0;
  #isTextOpen = false;
  #hasThought = false;
  readonly #thoughts = new Set<string>();
  readonly #tools = new Map<string, ToolPart[]>();
  #toolCalls = 0;
  #hasGiven = false;
  verdict: Verdict = NO_ONE_LOOKED;

  constructor(parts: TellingParts) {
    this.#parts = parts;
    this.#said = parts.alreadySaid;
    this.#stitcher = new Stitcher(parts.alreadySaid);
  }

  get said(): string {
    return this.#said;
  }
  /** True once the reader has anything that a new beginning would repeat. */
  get hasGiven(): boolean {
    return this.#hasGiven;
  }
  /** Calls of tools that the reader runs. */
  get toolCalls(): number {
    return this.#toolCalls;
  }
  get isRefused(): boolean {
    return this.verdict.kind === 'refused';
  }
  /** Something came that makes it an answer. */
  get isEmpty(): boolean {
    return this.#said === '' && this.#half === '' && !this.#hasGiven;
  }

  /** Another leg goes on, or the first begins. What was half said is forgotten; open thoughts are closed. */
  beginAttempt(): readonly Part[] {
    if (this.#lead !== undefined) this.#lead = [];
    this.#attempt += 1;
    this.#half = '';
    this.#tools.clear();
    this.#stitcher = new Stitcher(this.#said);
    return this.#closeThoughts();
  }

  /** What of a part goes to the reader now. */
  async take(part: Part): Promise<readonly Part[]> {
    switch (part.type) {
      case 'stream-start':
      case 'response-metadata':
        // Of the first who answers; they go out with the first word, so that a call that fails before may still fail.
        if (this.#lead?.some(({ type }) => type === part.type) === false) this.#lead.push(part);
        return [];
      case 'custom':
        // Notes of a provider's package, such as that it has begun: no part of the answer.
        this.#lead?.push(part);
        return this.#lead === undefined ? [part] : [];
      case 'text-delta':
        return this.#text(part.delta);
      case 'text-start':
      case 'text-end':
        return [];
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        return this.#thought(part);
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-end':
        this.#tools.set(part.id, [...(this.#tools.get(part.id) ?? []), part]);
        return [];
      case 'tool-call':
        return this.#toolCall(part);
      case 'source':
        return this.#given([part]);
      case 'raw':
        return this.#parts.includeRaw ? this.#given([part]) : [];
      default:
        return this.#given([...(await this.#rest()), ...this.#closeText(), part]);
    }
  }

  /** All that is still kept, when the answer is whole. */
  async end(): Promise<readonly Part[]> {
    const rest = [...(await this.#rest()), ...(await this.#add(this.#half))];
    this.#half = '';
    const { guard } = this.#parts;
    if (guard !== undefined && !this.isRefused) {
      const { text, verdict } = await judged(() => guard.end());
      if (verdict.kind !== 'passed') this.verdict = verdict;
      rest.push(...this.#show(text));
    }
    return this.#given([...rest, ...this.#closeThoughts(), ...this.#closeText()]);
  }

  /** In place of the rest of a refused answer. */
  instead(text: string): readonly Part[] {
    return this.#given([...this.#closeThoughts(), ...this.#show(text), ...this.#closeText()]);
  }

  /** Where an answer ends by a fault: what is open is closed. */
  close(): readonly Part[] {
    return [...this.#closeThoughts(), ...this.#closeText()];
  }

  async #text(delta: string): Promise<readonly Part[]> {
    const all = this.#half + delta;
    const isSplit = isHighSurrogate(all.charCodeAt(all.length - 1));
    this.#half = isSplit ? all.slice(-1) : '';
    const parts = await this.#add(this.#stitcher.push(isSplit ? all.slice(0, -1) : all));
    return parts.length === 0 ? [] : this.#given([...this.#closeThoughts(), ...parts]);
  }

  async #add(text: string): Promise<Part[]> {
    if (text === '') return [];
    this.#said += text;
    const { guard } = this.#parts;
    if (guard === undefined) return this.#show(text);
    const { text: passed, verdict } = await judged(() => guard.push(text));
    if (verdict.kind !== 'passed') this.verdict = verdict;
    return this.#show(passed);
  }

  #show(text: string): Part[] {
    if (text === '') return [];
    const opened: Part[] = [];
    if (!this.#isTextOpen) {
      this.#isTextOpen = true;
      this.#texts += 1;
      opened.push({ type: 'text-start', id: this.#textId });
    }
    return [...opened, { type: 'text-delta', id: this.#textId, delta: text }];
  }

  get #textId(): string {
    return `text-${this.#texts}`;
  }

  #closeText(): readonly Part[] {
    if (!this.#isTextOpen) return [];
    this.#isTextOpen = false;
    return [{ type: 'text-end', id: this.#textId }];
  }

  /** What a continuation still holds back because it might be a repeat. */
  async #rest(): Promise<Part[]> {
    return this.#stitcher.isHolding && this.#stitcher.hasHeld ? this.#add(this.#stitcher.end()) : [];
  }

  /** Thoughts are told once: another model thinks of the same anew. */
  #thought(part: Extract<Part, { type: 'reasoning-start' | 'reasoning-delta' | 'reasoning-end' }>): readonly Part[] {
    const id = `thought-${this.#attempt}-${part.id}`;
    if (part.type === 'reasoning-start') {
      if (this.#said !== '' && this.#attempt > 1) return [];
      if (this.#hasThought && this.#attempt > 1) return [];
      this.#thoughts.add(id);
      return this.#given([...this.#closeText(), { ...part, id }]);
    }
    if (!this.#thoughts.has(id)) return [];
    if (part.type === 'reasoning-end') this.#thoughts.delete(id);
    else this.#hasThought = true;
    return this.#given([{ ...part, id }]);
  }

  #closeThoughts(): readonly Part[] {
    const ends = [...this.#thoughts].map((id): Part => ({ type: 'reasoning-end', id }));
    this.#thoughts.clear();
    return ends;
  }

  async #toolCall(part: Extract<Part, { type: 'tool-call' }>): Promise<readonly Part[]> {
    const kept = this.#tools.get(part.toolCallId) ?? [];
    this.#tools.delete(part.toolCallId);
    const rest = await this.#rest();
    if (this.isRefused) return this.#given(rest);
    if (part.providerExecuted !== true) this.#toolCalls += 1;
    return this.#given([...this.#closeThoughts(), ...rest, ...this.#closeText(), ...kept, part]);
  }

  #given(parts: readonly Part[]): readonly Part[] {
    if (parts.length === 0) return parts;
    const lead = this.#lead;
    this.#lead = undefined;
    this.#hasGiven = true;
    if (lead === undefined) return parts;
    const start: Part = lead.find(({ type }) => type === 'stream-start') ?? { type: 'stream-start', warnings: [] };
    return [start, ...lead.filter((part) => part !== start), ...parts];
  }
}

/** A guard that breaks is a closed gate, whoever made it. */
async function judged(ask: () => Promise<{ readonly text: string; readonly verdict: Verdict }>) {
  try {
    return await ask();
  } catch {
    // What it threw may hold the words that it judged.
    const verdict: Verdict = { kind: 'refused', by: 'guard', reason: 'The guard failed.', instead: null };
    return { text: '', verdict };
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
