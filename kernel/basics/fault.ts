// What nobody at the place where it happens can deal with: something outside our control failed,
// or we made a mistake. What a caller must handle is returned as a union instead.
// Rule: a Fault says what happened, why, and what to do next, in three sentences, without any secret.

/** One look at a service that was started: did it answer, and what. */
export interface HealthCheck {
  readonly url: string;
  readonly ok: boolean;
  /** HTTP status, or null when nothing answered. */
  readonly status: number | null;
  readonly detail: string;
  readonly waitedMs: number;
}

/** What sort of fault it is. The kind selects the row of the retry table and the status of an HTTP answer. */
export type FaultKind =
  | { readonly kind: 'agent'; readonly agent: string }
  | {
      readonly kind: 'validation';
      readonly logs: string;
      readonly healthChecks: readonly HealthCheck[];
      readonly errors: readonly string[];
    }
  | { readonly kind: 'mcp'; readonly server: string; readonly tool: string | null }
  | {
      readonly kind: 'llm';
      readonly provider: string;
      readonly model: string;
      readonly reason: 'timeout' | 'rate-limit' | 'refused' | 'unknown';
    }
  | { readonly kind: 'sandbox'; readonly backEnd: string }
  | { readonly kind: 'unavailable'; readonly service: string }
  | { readonly kind: 'wrong-use' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'not-signed-in' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'limit'; readonly retryAfterMs: number | null }
  | { readonly kind: 'unexpected' };

export interface FaultParts {
  /** What happened, to which thing, by name. A sentence. */
  readonly what: string;
  /** Why, as a fact. A sentence. */
  readonly why: string;
  /** What to do now: the command, the setting, the person. A sentence. */
  readonly next: string;
  readonly about?: FaultKind;
  readonly cause?: unknown;
}

export class Fault extends Error {
  override readonly name = 'Fault';
  /** Stable and searchable, such as `STORE_LOCKED`. Listed in docs/faults.md. */
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly about: FaultKind;

  constructor(code: string, parts: FaultParts) {
    super(`${parts.what} ${parts.why} ${parts.next}`, { cause: parts.cause });
    this.code = code;
    this.what = parts.what;
    this.why = parts.why;
    this.next = parts.next;
    this.about = parts.about ?? { kind: 'unexpected' };
  }
}

/** Any thrown value as a Fault: ours as it is, anything else as an unexpected one that keeps its cause. */
export function toFault(thrown: unknown, during: string): Fault {
  if (thrown instanceof Fault) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Fault('UNEXPECTED', {
    what: `${during} failed.`,
    why: message === '' ? 'It gave no reason.' : message,
    next: 'This is a mistake in Tandem or in something under it: run tandem doctor and report what it prints.',
    cause: thrown,
  });
}
