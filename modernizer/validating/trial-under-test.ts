// What tests of a trial stand on: its folder over an empty project, and a job that came to its end by itself.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import type { Outcome } from 'kernel/sandbox';

import { NPM } from '../ecosystems/npm/npm.ts';
import { openTrialFolder, type TrialFolder } from './trial-folder.ts';

export const folderUnderTest = (root: string, trial: string): Promise<TrialFolder> =>
  openTrialFolder(trial, {
    source: mkdtempSync(join(root, 'source-')),
    trials: join(root, 'trials'),
    evidence: join(root, 'evidence'),
    installer: NPM,
    allowedScripts: [],
    registry: 'https://registry.npmjs.org/',
    manifests: [{ place: '', text: '{}' }],
    lockText: null,
    confined: true,
    rewrites: [],
  });

export const exited = (code: number, stdout: string): Outcome => ({
  kind: 'exited',
  code,
  stdout,
  stderr: '',
  output: stdout,
  wallMs: 1,
  memoryBytesPeak: null,
});
