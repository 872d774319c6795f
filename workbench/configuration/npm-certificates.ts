// Trusts what npm trusts: the `cafile` of npm's settings, beside the authorities of Node itself.
// Rule: it only adds. A machine whose npm reaches its registry through an inspecting proxy is reached by us as well.

import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { readHostNpmSettings } from 'kernel/sandbox';

/** For every connection this process makes from now on. A file that holds no certificate changes nothing. */
export function trustNpmCertificates(registry: string, environment: NodeJS.ProcessEnv): void {
  const { certificates } = readHostNpmSettings(new URL(registry), environment);
  if (certificates === null || !certificates.includes('-----BEGIN CERTIFICATE-----')) return;
  setDefaultCACertificates([...getCACertificates('default'), certificates]);
}
