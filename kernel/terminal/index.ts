export { EXIT, exitCodeOf, type ExitCode } from './exit-codes.ts';
export { createProgress, progressLine, type Progress, type Step } from './progress.ts';
export { tableText } from './table.ts';
export {
  createTerminal,
  faultText,
  type Choice,
  type Output,
  type Terminal,
  type TerminalOptions,
} from './terminal.ts';
