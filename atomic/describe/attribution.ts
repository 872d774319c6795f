// All that is known of who wrote one patch, in words and in parts.

import {
  accountableOf,
  BASIS_POINTS_MAX,
  evidenceOf,
  isAiAssisted,
  type AiAttribution,
  type Evidence,
  type Attribution as KnownAttribution,
} from '../attribution/attribution.ts';
import { describeAttribution } from '../attribution/attribution-text.ts';
import { decodeAttribution } from '../attribution/decode-attribution.ts';
import { Fault } from 'kernel/basics';
import type { PatchNumber } from '../patches/facts.ts';
import type { NamedPatch } from '../patches/patch.ts';
import type { Attribution } from '../protocol/index.ts';
import type { PatchStore } from '../store/store.ts';

/** Null: nobody knows, or it is of a later form than this Atomic reads. */
export function attributionOf(store: PatchStore, patch: PatchNumber): KnownAttribution | null {
  const bytes = store.attributions.of(patch);
  if (bytes === null) return null;
  try {
    return decodeAttribution(bytes.blob).attribution;
  } catch (thrown) {
    // Of a later form, or damaged: atomic audit verify says which. The patch counts as untracked until then.
    if (thrown instanceof Fault) return null;
    throw thrown;
  }
}

const BECAUSE: Readonly<Record<Evidence, string>> = {
  none: 'Nobody said who wrote it.',
  hook: 'The agent’s own hooks reported it while it worked.',
  mcp: 'The agent recorded it over MCP.',
  editor: 'The editor reported it.',
  'cli-flag': 'Whoever recorded it said so with a flag.',
  env: 'The environment of the recording said so.',
  config: 'The repository’s settings say so.',
  trailer: 'A trailer of the git commit says so.',
  watcher: 'A watcher saw the change, not who made it.',
  import: 'It came with the import.',
};

export function describeKnown(store: PatchStore, number: PatchNumber, patch: NamedPatch): Attribution {
  const attribution = attributionOf(store, number);
  const isLeftOut = patch.attributionCommitment !== null && store.attributions.of(number) === null;
  const [first = { name: 'nobody', email: '' }] = patch.header.authors;
  return {
    ...NOTHING,
    sentence: describeAttribution(attribution),
    because: isLeftOut ? LEFT_OUT : BECAUSE[attribution === null ? 'none' : evidenceOf(attribution)],
    accountable:
      attribution === null
        ? { ...first, key: null }
        : plainAccountable(accountableOf(attribution, patch.header.authors)),
    parts: attribution === null || attribution.actor === 'human' ? 0 : attribution.hunks.length,
    kept: isLeftOut ? 'left-out' : attribution === null ? 'none' : 'kept',
    ...(attribution !== null && isAiAssisted(attribution) ? aiParts(attribution) : {}),
  };
}

const LEFT_OUT = 'The patch came without its attribution; should it come later, it has to fit the patch.';

const plainAccountable = ({ name, email, key }: ReturnType<typeof accountableOf>): Attribution['accountable'] => ({
  name,
  email,
  key,
});

const NOTHING = {
  modelVersion: null,
  agent: null,
  acceptance: null,
  reviewMs: null,
  prompt: null,
  tokens: null,
  costMicroUsd: null,
};

function aiParts({ source, acceptance, reviewMs, prompt, tokens, cost }: AiAttribution): Partial<Attribution> {
  const { agent, model } = source;
  return {
    modelVersion: model.kind === 'known' ? model.version : null,
    agent: agent === null ? null : { tool: agent.tool, version: agent.toolVersion, session: agent.sessionId },
    acceptance: acceptance === null ? null : acceptance / BASIS_POINTS_MAX,
    reviewMs,
    prompt: prompt === null ? null : { hash: prompt.hash, level: prompt.level },
    tokens: tokens === null ? null : tokens.kind === 'total' ? tokens.total : tokens.input + tokens.output,
    costMicroUsd: cost,
  };
}
