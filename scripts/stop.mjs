/** Ends a command with what happened, why, and what to do next, instead of a stack trace. */
export class Stop extends Error {
  constructor(what, why, next, exitCode = 3) {
    super(`${what}\n${why}\n${next}`);
    this.exitCode = exitCode;
  }
}
