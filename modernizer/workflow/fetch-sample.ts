// Fetches a package of the registry as a project to upgrade: an exact version, checked by its integrity.
// Rule: the archive is unpacked by a library that refuses links out and paths upward, within bounds.

import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';

import { x as extract } from 'tar';

import { registryDown } from '../faults.ts';
import type { Execution } from './execution.ts';
import { sampleUnknown } from './refusals.ts';
import { readSampleSpec } from './sample-spec.ts';

/** Source packages are small; these bounds stop an archive that unpacks for ever. */
const ENTRIES_MAX = 20_000;
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;

/** The folder into which the sample was unpacked. */
export async function fetchSample(execution: Execution, spec: string): Promise<string> {
  const { registry, folder, signals } = execution;
  const sample = readSampleSpec(spec);
  if (sample.kind === 'wrong') throw sampleUnknown(spec, sample.why);
  const reading = await registry.packument(sample.name, signals.any);
  if (reading.kind === 'unavailable') throw registryDown(registry.url, reading.reason);
  if (reading.kind === 'not-found') throw sampleUnknown(spec, `The registry has no package named ${sample.name}.`);
  const dist = reading.packument.versions.get(sample.version)?.dist;
  if (dist === undefined) throw sampleUnknown(spec, `The registry has no version ${sample.version} of ${sample.name}.`);
  const tarball = await registry.tarball(onRegistry(dist.tarball, registry.url), signals.any);
  if (tarball.kind === 'unavailable') throw registryDown(registry.url, tarball.reason);
  if (dist.integrity !== undefined && !matches(tarball.bytes, dist.integrity)) {
    throw sampleUnknown(spec, 'Its archive arrived with other bytes than the registry promised.');
  }
  return unpack(tarball.bytes, folder.sample);
}

/** Registries that mirror others name the original's address; the path on this one is the same. */
function onRegistry(tarball: string, registryUrl: string): string {
  const [wanted, base] = [new URL(tarball), new URL(registryUrl)];
  if (wanted.host === base.host) return tarball;
  return wanted.hostname === 'registry.npmjs.org' ? new URL(wanted.pathname.slice(1), base).href : tarball;
}

function matches(bytes: Uint8Array, integrity: string): boolean {
  const strongest = integrity.split(/\s+/).find((part) => part.startsWith('sha512-'));
  if (strongest === undefined) return true;
  const wanted = Buffer.from(strongest.slice('sha512-'.length), 'base64');
  const found = createHash('sha512').update(bytes).digest();
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

async function unpack(bytes: Uint8Array, target: string): Promise<string> {
  const making = `${target}.making`;
  await rm(making, { recursive: true, force: true });
  await rm(target, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  const archive = `${making}.tgz`;
  await writeFile(archive, bytes);
  let [entries, size] = [0, 0];
  await extract({
    file: archive,
    cwd: making,
    strip: 1,
    strict: false,
    filter: (_path, entry) => {
      entries += 1;
      size += 'size' in entry ? (entry.size ?? 0) : 0;
      const plain =
        !('type' in entry) || entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory';
      return plain && entries <= ENTRIES_MAX && size <= UNPACKED_BYTES_MAX;
    },
  });
  await rm(archive, { force: true });
  await rename(making, target);
  return target;
}
