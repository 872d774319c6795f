// Reads out of a log what failed: each error with its frames, each complaint of a compiler or linter with its place.
// Pure. Rule: only what was printed; a frame is a place in the project or in a package, never in Node itself.

import { lastPart } from './printed.ts';

export interface Frame {
  /** Path in the project; that of a package begins with `node_modules/`. */
  readonly file: string;
  /** From 1; null where only the file was named. */
  readonly line: number | null;
  readonly column: number | null;
  /** The package it lies in; null in the project's own files. */
  readonly package: string | null;
}

export interface Failure {
  readonly kind: 'error' | 'compiler' | 'lint';
  /** The message, or the complaint. */
  readonly message: string;
  /** The rule or code of a complaint, such as `no-var` or `TS2345`. */
  readonly rule: string | null;
  /** Innermost first. */
  readonly frames: readonly Frame[];
}

/** The first ones tell; suites repeat themselves. */
const FAILURES_MAX = 60;
const FRAMES_MAX = 30;
const MESSAGE_LENGTH_MAX = 400;

const ERROR_LINE = /^(?!\s*at )(?:.*?[\s:(✖])?((?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?(?: \([^)]*\))?: .+)$/;
/** TAP says what failed without calling it an error. */
const NOT_OK_LINE = /^\s*not ok \d+ -? ?(?!.*# (?:TODO|SKIP|time=))(.+)$/i;
const FRAME_LINE =
  /(?:^\s*(?:at|-) |\(|^\s+)((?:file:\/\/)?(?:\/project\/|\.{0,2}\/)?(?:[\w@.+~-]+\/)*[\w@.+~-]+\.[cm]?[jt]sx?)(?::(\d+)(?::(\d+))?)?\)?\s*$/;
/** The line that Node prints above an error that nobody caught. */
const THROWN_AT = /^(?:file:\/\/)?(\/project\/\S+\.[cm]?[jt]sx?):(\d+)$/;
const COMPILER_LINE = /^\s*(\S+?\.[cm]?tsx?)[(:](\d+)[,:](\d+)\)?:? (?:- )?error (TS\d+): (.+)$/;
const LINT_LINE = /^\s*(\S+?\.[cm]?[jt]sx?):(\d+):(\d+):? (.+?)(?: \(?([\w@/-]+)\)?)?$/;
const STYLISH_FILE = /^(?:\/project\/|\.\/)?((?:[\w@.-]+\/)*[\w@.-]+\.[cm]?[jt]sx?):?$/;
const STYLISH_LINE = /^\s+[✖×⚠]?\s*(\d+):(\d+)\s+(?:(?:error|warning)\s+)?(.+?)\s{2,}([\w@/-]+)\s*$/;

export function failuresIn(log: string): readonly Failure[] {
  const failures: Failure[] = [];
  let thrownAt: Frame | undefined;
  let open: { message: string; frames: Frame[]; quiet: number } | undefined;
  let file: string | undefined;
  const close = (): void => {
    if (open !== undefined) failures.push({ kind: 'error', message: open.message, rule: null, frames: open.frames });
    open = undefined;
  };
  for (const line of lastPart(log).split('\n')) {
    if (failures.length >= FAILURES_MAX) break;
    const complaint = complaintIn(line, file);
    if (complaint !== undefined) {
      failures.push(complaint);
      continue;
    }
    const error = (ERROR_LINE.exec(line) ?? NOT_OK_LINE.exec(line))?.[1];
    if (error !== undefined) {
      close();
      open = {
        message: error.slice(0, MESSAGE_LENGTH_MAX),
        frames: thrownAt === undefined ? [] : [thrownAt],
        quiet: 0,
      };
      thrownAt = undefined;
      continue;
    }
    const thrown = THROWN_AT.exec(line);
    if (thrown !== null) thrownAt = frameOf(thrown[1] ?? '', thrown[2], undefined);
    const frame = FRAME_LINE.exec(line);
    if (frame !== null && open !== undefined) {
      const found = frameOf(frame[1] ?? '', frame[2], frame[3]);
      if (found !== undefined && open.frames.length < FRAMES_MAX) open.frames.push(found);
      open.quiet = 0;
    } else if (open !== undefined && (open.quiet += 1) > QUIET_LINES_MAX) close();
    file = STYLISH_FILE.exec(line.trim())?.[1] ?? (line.trim() === '' ? undefined : file);
  }
  close();
  return failures;
}

/** A message may go on for some lines (a difference of two values) before its frames come. */
const QUIET_LINES_MAX = 25;

function complaintIn(line: string, file: string | undefined): Failure | undefined {
  const compiler = COMPILER_LINE.exec(line);
  if (compiler !== null) {
    const [, path = '', row, column, rule = '', message = ''] = compiler;
    return complaint('compiler', { message, rule, frame: frameOf(path, row, column) });
  }
  const lint = LINT_LINE.exec(line.replace(/ \((?:warning|error)\)$/, ''));
  if (lint !== null && !/^\s*at /.test(line)) {
    const [, path = '', row, column, message = '', rule = null] = lint;
    return complaint('lint', { message, rule, frame: frameOf(path, row, column) });
  }
  const stylish = file === undefined ? null : STYLISH_LINE.exec(line);
  if (stylish === null || file === undefined) return undefined;
  const [, row, column, message = '', rule = null] = stylish;
  return complaint('lint', { message, rule, frame: frameOf(file, row, column) });
}

const complaint = (
  kind: 'compiler' | 'lint',
  {
    message,
    rule,
    frame,
  }: { readonly message: string; readonly rule: string | null; readonly frame: Frame | undefined },
): Failure | undefined =>
  frame === undefined ? undefined : { kind, message: message.slice(0, MESSAGE_LENGTH_MAX), rule, frames: [frame] };

function frameOf(path: string, line: string | undefined, column: string | undefined): Frame | undefined {
  const file = path
    .replace(/^file:\/\//, '')
    .replace(/^\/project\//, '')
    .replace(/^\.\//, '');
  if (file.startsWith('/') || file.startsWith('node:') || file.startsWith('internal/') || file.startsWith('..')) {
    return undefined;
  }
  return {
    file,
    line: line === undefined ? null : Number(line),
    column: column === undefined ? null : Number(column),
    package: packageIn(file),
  };
}

function packageIn(file: string): string | null {
  const at = file.lastIndexOf('node_modules/');
  if (at === -1) return null;
  const [first = '', second = ''] = file.slice(at + 'node_modules/'.length).split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
