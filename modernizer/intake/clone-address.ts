// Clones the repository of an address into a folder of ours.
// Rule: the clone is fresh, runs no hook and no filter, follows no submodule, and asks nobody for a password; git may
// speak the address's own protocol and no other, also where a server sends it elsewhere. Time and size are bounded.

import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { bytesText, durationText, mebibytes, minutes } from 'kernel/basics';
import { removeTree } from 'kernel/sandbox';

import type { GitScheme } from './git-address.ts';

export interface CloneQuestion {
  readonly url: string;
  readonly scheme: GitScheme;
  readonly branch: string | null;
  readonly target: string;
  readonly signal: AbortSignal;
  readonly limits?: CloneLimits;
}

export interface CloneLimits {
  readonly wallMs: number;
  readonly bytesMax: number;
  /** How often the size is looked at. */
  readonly lookMs: number;
}

export type Cloning =
  { readonly kind: 'cloned' } | { readonly kind: 'stopped' } | { readonly kind: 'refused'; readonly why: string };

const LIMITS: CloneLimits = { wallMs: minutes(10), bytesMax: mebibytes(2048), lookMs: 1000 };
const SAID_MAX = 500;

export async function cloneAddress(question: CloneQuestion): Promise<Cloning> {
  const { target, limits = LIMITS } = question;
  await removeTree(target);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const tooLarge = new AbortController();
  const watch = setInterval(() => {
    void bytesIn(target).then((bytes) => (bytes > limits.bytesMax ? tooLarge.abort() : undefined));
  }, limits.lookMs);
  try {
    const said = await runClone(question, AbortSignal.any([tooLarge.signal, question.signal]), limits);
    if (tooLarge.signal.aborted || (await bytesIn(target)) > limits.bytesMax) {
      return await refused(target, `It is larger than ${bytesText(limits.bytesMax)}`);
    }
    if (question.signal.aborted) return { kind: 'stopped' };
    return said === null ? { kind: 'cloned' } : await refused(target, said);
  } finally {
    clearInterval(watch);
  }
}

async function refused(target: string, why: string): Promise<Cloning> {
  await rm(target, { recursive: true, force: true });
  return { kind: 'refused', why };
}

const SETTINGS = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.symlinks', 'true'],
  ['protocol.allow', 'never'],
  ['http.followRedirects', 'initial'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
] as const;

/** Null when it was cloned; else what git said. */
function runClone(question: CloneQuestion, signal: AbortSignal, limits: CloneLimits): Promise<string | null> {
  const { url, scheme, branch, target } = question;
  const settings = [...SETTINGS, [`protocol.${scheme}.allow`, 'always'] as const];
  const argv = [
    ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    'clone',
    '--quiet',
    '--single-branch',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-hardlinks',
    '--template=',
    ...(branch === null ? [] : ['--branch', branch]),
    '--',
    url,
    target,
  ];
  return new Promise((resolve) => {
    const options = { env: environmentFor(scheme), timeout: limits.wallMs, signal, killSignal: 'SIGKILL' } as const;
    execFile('git', argv, options, (error, _stdout, stderr) => {
      if (error === null) return resolve(null);
      if (error.killed === true) return resolve(`It could not be cloned within ${durationText(limits.wallMs)}`);
      resolve(`git said: ${saidBy(stderr, error.message)}`);
    });
  });
}

/** Nothing of ours but where programs are, and for ssh the agent that holds the person's keys. */
function environmentFor(scheme: GitScheme): NodeJS.ProcessEnv {
  const agent = process.env['SSH_AUTH_SOCK'];
  const network = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'GIT_SSL_CAINFO', 'SSL_CERT_FILE'];
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_ALLOW_PROTOCOL: scheme,
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=20',
    ...(scheme === 'ssh' && agent !== undefined ? { SSH_AUTH_SOCK: agent } : {}),
    ...Object.fromEntries(
      network.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
  };
}

/** The first complaint: those after it follow from it. */
function saidBy(stderr: string, otherwise: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const complaint = lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? otherwise;
  return withoutAccess(complaint.replace(/[.:]$/, '')).slice(0, SAID_MAX);
}

const withoutAccess = (text: string): string => text.replaceAll(/\/\/[^/@\s]*@/g, '//');

/** What a folder holds by now; what vanishes while it is looked at counts as nothing. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
