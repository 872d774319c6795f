import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLoopbackRegistry } from '../../tests/loopback-registry/index.ts';
import { openSandbox, probeSandbox } from './open-sandbox.ts';
import { testSandbox } from './sandbox.contract.ts';

const scratch = mkdtempSync(join(tmpdir(), 'tandem-probe-'));
const registry = 'https://registry.npmjs.org/';

for (const backEnd of ['bubblewrap', 'namespaces'] as const) {
  const probe = await probeSandbox({ registry, scratch, backEnd });
  if (probe.kind === 'ready') testSandbox(backEnd);
  else test.skip(`${backEnd} is left out: ${probe.reason} (${probe.next})`);
}

test('unsafe-host reaches the registry from a scratch folder whose path is longer than a socket’s may be', async () => {
  const folder = mkdtempSync(join(tmpdir(), `tandem-${'long'.repeat(30)}-`));
  const served = await startLoopbackRegistry({ packages: [{ name: 'left', version: '1.0.0' }] });
  const opened = await openSandbox({ registry: served.url, scratch: join(folder, 'scratch'), backEnd: 'unsafe-host' });
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const limits = { wallMs: 20_000, outputBytesMax: 100_000, processesMax: 64, memoryBytesMax: 512 * 1024 * 1024 };
  const asks = `fetch(process.env.npm_config_registry + 'left').then(({ status }) => console.log(status))`;
  const outcome = await opened.sandbox.run({ phase: 'install', project: folder, argv: ['node', '-e', asks], limits });
  await opened.sandbox.close();
  await served.close();
  rmSync(folder, { recursive: true });
  expect(outcome).toMatchObject({ kind: 'exited', stdout: '200\n' });
});

test('unsafe-host runs only when it is named, says so, and still clears the environment and keeps time', async () => {
  process.env['TANDEM_CONTRACT_TOKEN'] = 'a token of the host';
  const opened = await openSandbox({ registry, scratch, backEnd: 'unsafe-host' });
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const { sandbox } = opened;
  expect(sandbox.confinement).toMatchObject({ backEnd: 'unsafe-host', unsafe: true, network: 'host' });
  const limits = { wallMs: 300, outputBytesMax: 10_000, processesMax: 64, memoryBytesMax: 256 * 1024 * 1024 };
  const outcome = await sandbox.run({
    phase: 'run',
    project: scratch,
    argv: ['sh', '-c', 'env; exec sleep 60'],
    limits,
  });
  await sandbox.close();
  expect(outcome.kind).toBe('timed-out');
  expect(outcome.stdout).not.toContain('TANDEM_CONTRACT_TOKEN');
  await expect(sandbox.run({ phase: 'run', project: scratch, argv: ['true'], limits })).rejects.toThrow('closed');
  rmSync(scratch, { recursive: true });
});
