// What the wire fakes can be told to do, in words that hold for every protocol. The fakes speak the real protocols on
// loopback, so that what is tested with them is our code and the provider packages together, down to the socket.

export type WireProtocol = 'chat-completions' | 'responses' | 'messages' | 'gemini';

/** One request as a script sees it. */
export interface WireRequest {
  readonly protocol: WireProtocol;
  readonly model: string;
  readonly isStream: boolean;
  readonly key: string | undefined;
  /** The last text of the person. */
  readonly text: string;
  /** The last text of the model: what was said, where an answer is gone on with. */
  readonly said: string;
  /** All texts in order, joined by line breaks: what the provider could read. */
  readonly prompt: string;
  readonly toolNames: readonly string[];
  /** True where the last message is what a tool gave. */
  readonly hasToolResult: boolean;
  /** 1 for the first request of this server. */
  readonly number: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Numbers are sent as they are, also where they are lies. */
export interface WireUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export interface WireTool {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it. */
  readonly input: string;
}

/** What goes wrong in the middle of a stream, and where: after so many pieces, or at a byte of the body. */
export interface WireFault {
  readonly how:
    | 'drop'
    | 'clean-end'
    | 'stall'
    | 'error-event'
    | 'rate-limit-event'
    | 'overloaded-event'
    | 'key-refused-event'
    | 'garbage'
    | 'half-json';
  readonly afterPieces?: number;
  readonly afterBytes?: number;
}

export interface WireAnswer {
  readonly kind: 'answer';
  /** The text, cut as the model sends it. */
  readonly pieces?: readonly string[];
  readonly reasoning?: string;
  readonly tools?: readonly WireTool[];
  /** Null: the provider does not say. */
  readonly usage?: WireUsage | null;
  readonly end?: 'stop' | 'length' | 'content-filter';
  readonly pieceDelayMs?: number;
  readonly fault?: WireFault;
}

export type WireBehaviour =
  | WireAnswer
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Instead of the protocol's own error. */
      readonly body?: string;
      readonly message?: string;
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Answers with something of another kind. */
  | { readonly kind: 'raw'; readonly contentType: string; readonly body: string };

export type WireScript = (request: WireRequest) => WireBehaviour;

/** A frame of a stream as it goes over the wire. */
export interface WireFrame {
  readonly text: string;
  /** A piece of the answer's text, its reasoning or a tool's input. */
  readonly isPiece: boolean;
}

export interface WireFormat {
  readonly frames: (answer: WireAnswer, model: string) => readonly WireFrame[];
  readonly whole: (answer: WireAnswer, model: string) => unknown;
  readonly errorBody: (status: number, message: string) => unknown;
  readonly errorEvent: (kind: WireFault['how']) => string;
}

export const USAGE_BY_DEFAULT: WireUsage = { input: 11, output: 9, cacheRead: 4 };

/** Null stays null: the fake then says nothing of usage. */
export const usageOf = (answer: WireAnswer): WireUsage | null =>
  answer.usage === undefined ? USAGE_BY_DEFAULT : answer.usage;

export const frame = (isPiece: boolean, value: unknown, event?: string): WireFrame => ({
  isPiece,
  text: `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`,
});

export const textOf = (answer: WireAnswer): string => (answer.pieces ?? []).join('');

/** A tool's input as models send it: in several pieces, cut anywhere. */
export function inputPieces(input: string): readonly string[] {
  const size = Math.max(1, Math.ceil(input.length / 3));
  const pieces: string[] = [];
  for (let at = 0; at < input.length; at += size) pieces.push(input.slice(at, at + size));
  return pieces;
}

export const errorType = (kind: WireFault['how']): string => {
  if (kind === 'rate-limit-event') return 'rate_limit_error';
  if (kind === 'overloaded-event') return 'overloaded_error';
  return kind === 'key-refused-event' ? 'authentication_error' : 'server_error';
};
