// The host as an attack finds it: canaries that only the host should ever touch, and listeners that nobody should reach.

import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { removeTree } from 'kernel/sandbox';
import { startLoopbackRegistry, type LoopbackRegistry } from '../../loopback-registry/index.ts';
import type { Attack } from './attack.ts';

export interface Ground {
  readonly folder: string;
  readonly project: string;
  readonly cache: string;
  /** Text that only the host knows, and the file it is in. */
  readonly canary: string;
  readonly canaryFile: string;
  /** Ports on which nobody should be heard, and how often somebody was. */
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Sockets of the host by path and, with a leading zero byte, without one. */
  readonly localSockets: readonly string[];
  contacts(): number;
  /** A program of the host with the canary in its environment. */
  readonly victim: ChildProcess;
  readonly registry: LoopbackRegistry;
  close(): Promise<void>;
}

export async function prepareGround(parent: string, attack: Attack): Promise<Ground> {
  const folder = mkdtempSync(join(parent, 'ground-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['project', 'cache']) mkdirSync(at(name));
  const canary = `canary${randomBytes(8).toString('hex')}`;
  writeFileSync(at('canary'), canary);
  const localSockets = [at('socket'), `\0${canary}`];
  const heard = await listen(localSockets);
  const victim = spawn('sleep', ['120'], { env: { PATH: '/usr/bin:/bin', HOST_TOKEN: canary }, stdio: 'ignore' });
  const registry = await startLoopbackRegistry({ packages: attack.packages ?? [] });
  const ground: Ground = {
    folder,
    project: at('project'),
    cache: at('cache'),
    canary,
    canaryFile: at('canary'),
    ...heard.ports,
    localSockets,
    contacts: heard.contacts,
    victim,
    registry,
    async close() {
      victim.kill('SIGKILL');
      heard.close();
      await registry.close();
      await removeTree(folder);
    },
  };
  for (const [path, content] of Object.entries(attack.files?.(ground) ?? {})) {
    mkdirSync(dirname(join(ground.project, path)), { recursive: true });
    writeFileSync(join(ground.project, path), content, { mode: 0o755 });
  }
  return ground;
}

async function listen(localSockets: readonly string[]) {
  let contacts = 0;
  const count = (socket: Socket): void => {
    contacts += 1;
    socket.on('error', () => undefined).destroy();
  };
  const server = createServer(count);
  const local = localSockets.map((place) => createServer(count).listen(place));
  const datagrams = createSocket('udp4').on('message', () => (contacts += 1));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  await new Promise<void>((resolve) => datagrams.bind(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ports: { tcpPort: port, udpPort: datagrams.address().port },
    contacts: () => contacts,
    close(): void {
      for (const each of [server, ...local]) each.close();
      datagrams.close();
    },
  };
}
