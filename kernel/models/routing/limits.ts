// Every number that bounds a call, with where it comes from. All can be set, so that tests and benches are quick.

export interface RoutingLimits {
  /** From asking to the first word. Models that think first send their thoughts, which count as words here. */
  readonly firstTokenMs: number;
  /** Between two pieces of an answer. */
  readonly stallMs: number;
  /** For an answer that is asked for whole: as long as the longest takes to be written. */
  readonly wholeMs: number;
  /** For all attempts of a call together, waiting included. */
  readonly callMs: number;
  /** The longest wait for a source that turned us away; who asks is told to come back instead. */
  readonly waitMsMax: number;
  /** Of a call, whatever went wrong. */
  readonly attemptsMax: number;
  /** Set aside and sent as a limit where the caller names none. */
  readonly outputTokens: number;
  /** An answer that grows past it is ended: four times the longest that models give today. */
  readonly answerCharsMax: number;
  /** How often what a stream has used is noted, so that a killed process is charged about what it used. */
  readonly noteMs: number;
  /** A leg is left alone after so many failures in the window, if they are half of its calls or more. */
  readonly breakerFailures: number;
  readonly breakerWindowMs: number;
  /** Left alone so long at first; twice as long each time the probe fails, up to the most. */
  readonly breakerOpenMs: number;
  readonly breakerOpenMsMax: number;
  /** Where the provider says to slow down and not for how long. */
  readonly coolingMs: number;
}

export const LIMITS: RoutingLimits = {
  firstTokenMs: 60_000,
  stallMs: 30_000,
  wholeMs: 5 * 60_000,
  callMs: 15 * 60_000,
  waitMsMax: 20_000,
  attemptsMax: 8,
  outputTokens: 8192,
  answerCharsMax: 2_000_000,
  noteMs: 500,
  breakerFailures: 5,
  breakerWindowMs: 60_000,
  breakerOpenMs: 10_000,
  breakerOpenMsMax: 5 * 60_000,
  coolingMs: 5000,
};
