// What the commands of exchange have in common: which repository is meant, what is sent along, what is taken.
// Rule: flags go before ATOMIC_ATTRIBUTION_…, those before the configuration. A token is never in an address, an argument
// or a message.

import { readRemoteSettings, type RemoteSettings } from '../attribution/settings.ts';
import { openPeer, type Peer, type ReceivePolicy } from '../remotes/index.ts';
import type { Report } from '../remotes/fetch-bundle.ts';
import { parseRemoteUrl } from '../remotes/remote-url.ts';
import { isRemoteName, remotesOf, requiredRemote, type Remote } from '../remotes/remotes.ts';
import type { PatchStore } from '../store/store.ts';
import { loadSettings, type Settings } from './configuration/settings.ts';
import { optionsContradict } from './faults.ts';
import { trustedKeys } from './keys.ts';
import { tokenFor } from './remote-tokens.ts';
import type { Environment, Shell } from './shell.ts';

export interface AttributionFlags {
  readonly withAttribution?: boolean;
  readonly skipAttribution?: boolean;
}

export const remoteSettings = (settings: Settings, env: Environment): RemoteSettings =>
  readRemoteSettings(settings.section('attribution.remote'), env);

/** How many patches travel in one block, where somebody says so. */
export function saidBatch({ env, settings }: Pick<Shell, 'env' | 'settings'>): number | undefined {
  const isSaid =
    settings().section('attribution.remote')['batch_size'] !== undefined || env[BATCH_VARIABLE] !== undefined;
  return isSaid ? remoteSettings(settings(), env).batchSize : undefined;
}

const BATCH_VARIABLE = 'ATOMIC_ATTRIBUTION_BATCH_SIZE';

/** Whether attribution goes along. Throws ATOMIC_OPTIONS_CONTRADICT. */
export function sendsAttribution(flags: AttributionFlags, bySettings: boolean): boolean {
  const { withAttribution = false, skipAttribution = false } = flags;
  if (withAttribution && skipAttribution) {
    throw optionsContradict('--with-attribution', '--skip-attribution', 'The one sends what the other leaves out.');
  }
  return withAttribution || (bySettings && !skipAttribution);
}

const ORIGIN = 'origin';

/** The remote that a person means: by name, by address, or `origin`, or the only one. Throws ATOMIC_REMOTE_UNKNOWN. */
export function meantRemote(store: PatchStore, typed: string | undefined): Remote {
  const remotes = remotesOf(store);
  const [only, second] = remotes;
  if (typed === undefined) {
    const found = remotes.find(({ name }) => name === ORIGIN) ?? (second === undefined ? only : undefined);
    return found ?? requiredRemote(store, ORIGIN);
  }
  const named = remotes.find(({ name }) => name === typed);
  if (named !== undefined) return named;
  // A word without any mark of a path or an address is the name of a remote that is not there.
  return isRemoteName(typed) && !typed.includes('.')
    ? requiredRemote(store, typed)
    : { name: typed, url: typed, path: null };
}

/** An address as it is remembered and shown: whole where it is a path, and without any secret. */
export const addressText = (typed: string, folder: string): string => parseRemoteUrl(typed, folder).text;

export function peerAt(shell: Shell, url: string, access: 'read' | 'write', folder: string): Peer {
  const { timeoutMs } = remoteSettings(shell.settings(), shell.env);
  return openPeer(url, access, {
    folder,
    environment: shell.env,
    timeoutMs,
    tokenFor: (address) => tokenFor(shell.env, address),
    policyOf: (root) => receivePolicy(root, shell.env),
    who: shell.actor(),
  });
}

/** What the repository in a folder takes, as its configuration says. */
export function receivePolicy(root: string | null, env: Environment): ReceivePolicy {
  const settings = loadSettings(root, env);
  const values = new Map(settings.all().map(({ key, value }) => [key, value]));
  const trusted = trustedKeys(env).map(({ key }) => key);
  const { requiresSignatures } = remoteSettings(settings, env);
  const asked = values.get('receive.signatures');
  // Whoever trusts nobody by name means: signed by anybody.
  const required = trusted.length === 0 ? 'signed' : 'trusted';
  return {
    isReadOnly: values.get('receive.read_only') === true,
    signatures: asked === 'trusted' || asked === 'signed' ? asked : requiresSignatures ? required : 'any',
    trusted,
    attribution: values.get('receive.attribution') === 'required' ? 'required' : 'optional',
    promptSecrets: values.get('receive.prompt_secrets') === 'refuse' ? 'refuse' : 'accept',
    protectedChannels: String(values.get('receive.protected_channels') ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  };
}

const PHASES = {
  sending: 'Sending patches',
  receiving: 'Receiving patches',
  applying: 'Applying patches',
  writing: 'Writing files',
} as const;

/** Each phase has an estimate of its own. */
export function phasesOf({ terminal }: Shell): { readonly report: Report; end(): void } {
  let shown: keyof typeof PHASES | null = null;
  let progress = terminal.progress();
  return {
    report(phase, done, total) {
      if (phase !== shown) {
        progress.end();
        progress = terminal.progress();
        shown = phase;
      }
      progress.update({ text: PHASES[phase], done, total });
    },
    end: () => progress.end(),
  };
}

export const WITHOUT_ATTRIBUTION =
  'The other side knows no attribution: the patches went without it, and keep their names. Who wrote them can follow later.';
