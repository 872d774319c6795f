// Brings the project of a run into a folder of this machine, from wherever a person named it.
// Rule: what was fetched lies in the run's own folder; a killed run fetches it anew, a finished copy never again.

import { rename } from 'node:fs/promises';
import { basename } from 'node:path';

import { unreachable } from 'kernel/basics';
import { removeTree } from 'kernel/sandbox';

import { cloneAddress } from '../intake/clone-address.ts';
import { addressWrong, archiveRefused, cloneFailed, uploadMissing } from '../intake/faults.ts';
import { readGitAddress } from '../intake/git-address.ts';
import { unpackZip } from '../intake/unpack-zip.ts';
import { uploadedFile } from '../intake/uploads.ts';
import type { ProjectChoice } from '../protocol/index.ts';
import { endedBy, type Execution } from './execution.ts';
import { fetchSample } from './fetch-sample.ts';
import type { ModernizerPorts } from './ports.ts';
import type { RunFolder } from './run-folder.ts';

/** The folder in which the project lies; null when the run was stopped meanwhile. */
export async function fetchProject(execution: Execution): Promise<string | null> {
  const { folder, input, ports } = execution;
  const choice = input.project;
  switch (choice.kind) {
    case 'path':
      return choice.path;
    case 'sample':
      return fetchSample(execution, choice.spec);
    case 'zip':
      return unpacked(folder, choice.path, basename(choice.path));
    case 'upload':
      return unpacked(folder, await fileOfUpload(ports, choice), choice.name ?? 'that was sent');
    case 'git':
      return cloned(execution, choice);
    default:
      return unreachable(choice);
  }
}

/** Throws UPLOAD_NOT_FOUND. */
export async function fileOfUpload(
  { home }: Pick<ModernizerPorts, 'home'>,
  { upload }: Extract<ProjectChoice, { readonly kind: 'upload' }>,
): Promise<string> {
  const file = await uploadedFile(home, upload);
  if (file === undefined) throw uploadMissing(upload);
  return file;
}

async function unpacked({ sample }: RunFolder, file: string, name: string): Promise<string> {
  const making = `${sample}.making`;
  await removeTree(making);
  await removeTree(sample);
  const unpacking = await unpackZip(file, making);
  if (unpacking.kind === 'refused') {
    await removeTree(making);
    throw archiveRefused(name, unpacking.why);
  }
  await rename(making, sample);
  return unpacking.root.replace(making, sample);
}

async function cloned(
  { folder, signals }: Execution,
  { url, branch }: Extract<ProjectChoice, { readonly kind: 'git' }>,
): Promise<string | null> {
  const address = readGitAddress(url);
  if (address.kind === 'wrong') throw addressWrong(url, address.why);
  const cloning = await cloneAddress({
    url: address.url,
    scheme: address.scheme,
    branch: branch ?? null,
    target: folder.sample,
    signal: signals.any,
  });
  switch (cloning.kind) {
    case 'cloned':
      return folder.sample;
    case 'stopped':
      endedBy(signals);
      return null;
    case 'refused':
      throw cloneFailed(url, cloning.why);
    default:
      return unreachable(cloning);
  }
}
