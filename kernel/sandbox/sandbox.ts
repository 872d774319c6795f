// The face of the sandbox: the one door through which code that nobody should trust is run.
// Rule: only /usr, the pinned Node and npm, and the project are visible inside; the environment is an allow-list;
// the install phase reaches one registry through a proxy and nothing else; the run phase reaches loopback only.
// Not here: what to run and what its outcome means (the products).

export type BackEnd = 'bubblewrap' | 'namespaces' | 'unsafe-host';

/** `install`: network to the registry only, scripts off. `run`: no network but the sandbox's own loopback. */
export type Phase = 'install' | 'run';

export interface Limits {
  readonly wallMs: number;
  /** Of standard output and standard error together. */
  readonly outputBytesMax: number;
  readonly processesMax: number;
  readonly memoryBytesMax: number;
  /** What the project folder (and, in an install, npm's cache) may grow by; 10 GiB when left out. */
  readonly diskBytesMax?: number;
  /** Files, folders and links that may be made there; a million when left out. */
  readonly diskFilesMax?: number;
}

/** A program for Node that a job may call by its name. */
export interface Program {
  /** Such as `pnpm`. */
  readonly name: string;
  /** Host folder of the package; mounted read-only. */
  readonly folder: string;
  /** What Node runs, inside that folder. */
  readonly script: string;
}

export interface Job {
  readonly phase: Phase;
  /** Host folder that is mounted writable at /project. */
  readonly project: string;
  /** What to run, without a shell. `npm`, `npx` and `node` mean the pinned ones. */
  readonly argv: readonly [string, ...string[]];
  /** Added to the allow-listed environment, such as `CI=1`. Values reach untrusted code: never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** Host files or folders mounted read-only, at the given absolute places inside. */
  readonly readOnly?: readonly { readonly from: string; readonly at: string }[];
  /** Folders that the job sees and may change without changing them; only where `canLayer` said so. */
  readonly layers?: readonly Layer[];
  /** Programs that can be called beside the pinned ones. */
  readonly programs?: readonly Program[];
  /**
   * `here`: packuments name the proxy as the place of their tarballs, for installers that cannot be told to ask another
   * host than the one that is named. Such installers write lockfiles without it, or with it to be taken out again.
   */
  readonly tarballs?: 'where-published' | 'here';
  /** Host folder for npm's cache; mounted in the install phase only. */
  readonly cache?: string;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  /** Hears output as it comes, before it is bounded. */
  onOutput?(stream: 'stdout' | 'stderr', text: string): void;
}

/** What is in `from` is seen at `at`. What the job changes there lies in `changes` and is seen by its next job, too. */
export interface Layer {
  readonly from: string;
  /** Host folder of ours, outside of anything a job may write; made if missing. */
  readonly changes: string;
  readonly at: string;
}

export interface Finished {
  /** Bounded by `outputBytesMax`; what was cut is said in the text. Secrets are scrubbed. */
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams in the order in which they came. */
  readonly output: string;
  readonly wallMs: number;
  /** Null where the machine cannot tell. */
  readonly memoryBytesPeak: number | null;
}

/** How a job ended. Only `exited` was the job's own will. */
export type Outcome = Finished &
  (
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'killed'; readonly signal: string }
    | { readonly kind: 'timed-out'; readonly limitMs: number }
    | { readonly kind: 'too-much-output'; readonly limitBytes: number }
    | { readonly kind: 'out-of-memory'; readonly limitBytes: number }
    | { readonly kind: 'too-much-disk'; readonly limitBytes: number; readonly limitFiles: number }
    | { readonly kind: 'stopped' }
  );

/** How each limit is held on this machine; goes into the evidence. */
export interface Confinement {
  readonly backEnd: BackEnd;
  readonly version: string | null;
  readonly memory: 'cgroup-v1' | 'cgroup-v2' | 'watched' | 'none';
  readonly processes: 'cgroup-v1' | 'cgroup-v2' | 'rlimit' | 'none';
  /** How a job's share of a busy processor is kept small. */
  readonly processor: 'cgroup-v1' | 'cgroup-v2' | 'nice';
  readonly network: 'none-but-loopback' | 'host';
  /** True only for `unsafe-host`: nothing is confined. */
  readonly unsafe: boolean;
}

export interface Sandbox {
  readonly confinement: Confinement;
  run(job: Job): Promise<Outcome>;
  /** Whether jobs may be given layers whose changes lie below this folder: tried by really running one. */
  canLayer(folder: string): Promise<boolean>;
  /** Ends the registry proxy and whatever still runs. */
  close(): Promise<void>;
}

export type SandboxProbe =
  | { readonly kind: 'ready'; readonly confinement: Confinement }
  /** Nothing here can confine code. `next` is the line that mends it, such as `sudo apt-get install bubblewrap`. */
  | { readonly kind: 'refused'; readonly reason: string; readonly next: string };

export interface SandboxSettings {
  /** The registry that the install phase may reach, such as https://registry.npmjs.org/. */
  readonly registry: string;
  /** Private folder for sockets and scratch roots; made if missing. */
  readonly scratch: string;
  /** Force one back end (tests, doctor); otherwise the strongest that works. */
  readonly backEnd?: BackEnd;
}
