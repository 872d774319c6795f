// Recording by a program that wrote the code itself, in its own process: it knows its model, its tokens and their price.
// Rule: what it says is kept as evidence `hook`: the agent's own program told it at the time. What hooks and editors saw of
// others in the same files stays theirs. Prompts are kept at the level that was asked for, by their name alone by default.

import { randomBytes } from 'node:crypto';

import type { Microdollars } from 'kernel/basics';

import {
  basisPoints,
  type Agent,
  type Attribution,
  type PrivacyLevel,
  type SuggestionType,
  type TokenCount,
} from '../attribution/attribution.ts';
import { keyedNameBytes } from '../attribution/keyed-name.ts';
import { keepPrompt, referenceTo, type KeptPrompt } from '../attribution/prompts.ts';
import { BUILT_IN_REGISTRY, type Registry } from '../attribution/registry.ts';
import { DEFAULT_AI_SETTINGS } from '../attribution/settings.ts';
import { attributionFromSources } from '../attribution/sources.ts';
import { foldWorklog } from '../hooks/fold-worklog.ts';
import type { Writer } from '../hooks/worklog.ts';
import type { Author } from '../patches/patch.ts';
import { keepAttribution } from '../repository/keep-attribution.ts';
import { promptKey } from '../repository/prompt-key.ts';
import type { Repository } from '../repository/repository.ts';
import { isAiAssisted } from '../attribution/attribution.ts';
import type { Change } from '../working-copy/changes.ts';
import { recordChanges, type RecordChangesOutcome } from '../working-copy/record-changes.ts';
import { recordedParts } from '../working-copy/recorded-parts.ts';
import { readDisk, statFile } from '../working-copy/scan.ts';
import { readWorklog } from '../working-copy/worklog-notes.ts';
import { withClient } from './client-work.ts';
import { settleHooks } from './settle-hooks.ts';

export interface RecordAs {
  readonly message: string;
  readonly description?: string;
  /** Who is accountable. */
  readonly author: Author;
  readonly agent: Pick<Agent, 'tool'> & Partial<Agent>;
  readonly model: { readonly provider: string; readonly model: string; readonly version?: string };
  readonly suggestion?: SuggestionType;
  /** 0 to 1. */
  readonly confidence?: number;
  readonly prompt?: string;
  /** What is kept of the prompt. */
  readonly privacy?: PrivacyLevel;
  readonly tokens?: TokenCount;
  readonly cost?: Microdollars;
  /** Which changes are meant; all, untracked files too, by default. */
  readonly isChosen?: (change: Change) => boolean;
  readonly registry?: Registry;
}

export function recordAs(repository: Repository, said: RecordAs): RecordChangesOutcome {
  settleHooks(repository);
  const prompt = said.prompt === undefined ? null : keptPrompt(repository, said.prompt, said.privacy ?? 'hash');
  const client = writerOf(said, prompt);
  const at = repository.clock.now();
  const { message, description = '', author } = said;
  return recordChanges(repository, {
    header: { message, description, at, zoneMinutes: 0, authors: [author] },
    actor: `${author.name} <${author.email}>`,
    args: { as: said.agent.tool, message },
    isChosen: said.isChosen ?? (() => true),
    attribute(_patch, builder) {
      const view = repository.view();
      const parts = recordedParts(view, builder, textNow(repository));
      const paths = parts.map(({ path }) => path);
      const log = withClient(readWorklog(repository.store), client, { view, paths, textNow: textNow(repository) });
      const witness = foldWorklog(parts, log, textNow(repository));
      const { attribution } = attributionFromSources({
        author: { kind: 'header', n: 0, key: null },
        flags: {},
        environment: {},
        witness,
        settings: DEFAULT_AI_SETTINGS,
        trailer: null,
        registry: said.registry ?? BUILT_IN_REGISTRY,
      });
      return keepAttribution(told(attribution, said), randomBytes);
    },
    also(transaction) {
      if (prompt === null) return;
      transaction.putPrompt({ hash: keyedNameBytes(prompt.hash), level: prompt.level, body: prompt.body });
    },
  });
}

/** What only the program itself knows. */
function told(attribution: Attribution, { suggestion, confidence, tokens, cost }: RecordAs): Attribution {
  if (!isAiAssisted(attribution)) return attribution;
  return {
    ...attribution,
    suggestion: suggestion ?? attribution.suggestion,
    confidence: confidence === undefined ? null : (basisPoints(confidence) ?? null),
    tokens: tokens ?? null,
    cost: cost ?? null,
  };
}

function writerOf({ agent, model }: RecordAs, prompt: KeptPrompt | null): Writer {
  const nothing = { toolVersion: null, mode: null, sessionId: null, turn: null, toolUseId: null, subagent: null };
  const { provider, version = null } = model;
  return {
    actor: 'ai',
    evidence: 'hook',
    agent: { ...nothing, ...agent },
    model: { kind: 'known', provider, model: model.model, version, temperatureMilli: null, maxTokens: null },
    prompt: prompt === null ? null : referenceTo(prompt),
  };
}

const keptPrompt = (repository: Repository, text: string, level: PrivacyLevel): KeptPrompt =>
  keepPrompt(promptKey(repository, randomBytes), level, text, randomBytes);

const textNow =
  ({ root }: Repository) =>
  (path: string): Buffer | undefined => {
    const file = statFile(root, path);
    return file === null || file.kind === 'directory' ? undefined : readDisk(root, file);
  };
