import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { probeSandbox } from 'kernel/sandbox';
import { expect, test } from 'vitest';

import { runUntrusted } from './run-untrusted-code.ts';

const scratch = mkdtempSync(join(tmpdir(), 'tandem-example-'));
const probe = await probeSandbox({ registry: 'https://registry.npmjs.org/', scratch });
rmSync(scratch, { recursive: true, force: true });

const sentence = 'the script finds neither the home nor a server that listens on this machine';
if (probe.kind === 'refused') test.skip(`${sentence}: left out, because ${probe.reason}`);
else
  test(sentence, async () => {
    // It exists and has something in it, so that only the sandbox can be why it is not found.
    const home = mkdtempSync(join(tmpdir(), 'tandem-home-'));
    writeFileSync(join(home, 'diary.txt'), 'private');
    const met: unknown[] = [];
    const server = createServer((socket) => met.push(socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    const lines: string[] = [];
    await runUntrusted((line) => lines.push(line), { home, address: `http://127.0.0.1:${port}/` });
    server.close();
    rmSync(home, { recursive: true });
    expect(lines).toEqual(['reaching the network: ECONNREFUSED', 'reading the home: ENOENT', 'exited with 0']);
    expect(met).toEqual([]);
  });
