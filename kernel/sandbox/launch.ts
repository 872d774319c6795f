// The small steps around a job's argument list: into its control groups, dying with Tandem, telling that it began.
// Pure: nothing is run here.

/** Descriptor on which a launched job says that its confinement stands. */
export const STARTED_DESCRIPTOR = 3;

/** Says `started` once everything around it worked, then becomes the job. Without that word nothing was run. */
export const startedThenExec = (argv: readonly string[]): readonly string[] => [
  '/bin/sh',
  '-c',
  `echo started >&${STARTED_DESCRIPTOR}; exec ${STARTED_DESCRIPTOR}>&-; exec "$@"`,
  'sh',
  ...argv,
];

const ENTER_GROUPS = `
while [ "$1" != -- ]; do echo $$ >"$1" || exit 125; shift; done
shift
exec "$@"`;

/** Enters the control groups before anything else, so that nothing the job ever starts is outside of them. */
export const enterGroups = (procsFiles: readonly string[], argv: readonly string[]): readonly string[] =>
  procsFiles.length === 0 ? argv : ['/bin/sh', '-c', ENTER_GROUPS, 'sh', ...procsFiles, '--', ...argv];

/** Counted by the kernel per user namespace since Linux 5.14: it must be set inside, where only the job counts. */
export const limitProcesses = (processesMax: number | null, argv: readonly string[]): readonly string[] =>
  processesMax === null ? argv : ['prlimit', `--nproc=${processesMax}:${processesMax}`, '--', ...argv];

/** Killed by the kernel when the thread that started it ends, also after a kill -9. */
export const dieWithParent = (argv: readonly string[]): readonly string[] => [
  'setpriv',
  '--pdeathsig',
  'KILL',
  '--',
  ...argv,
];
