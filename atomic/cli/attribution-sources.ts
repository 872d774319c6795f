// What flags, variables, agents, settings and the message say of who wrote a patch, put together when it is recorded.
// Rule: the working log is asked byte by byte; a prompt is kept in the same transaction as the patch that names it.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { withClient } from '../agents/client-work.ts';
import { spendUse, withUse } from '../agents/session-use.ts';
import type { AiAttribution, Attribution } from '../attribution/attribution.ts';
import { isAiAssisted } from '../attribution/attribution.ts';
import { keyedNameBytes } from '../attribution/keyed-name.ts';
import { keepPrompt, referenceTo, type KeptPrompt } from '../attribution/prompts.ts';
import { readAiSettings } from '../attribution/settings.ts';
import { attributionFromSources, type WitnessReport } from '../attribution/sources.ts';
import { readEnvironment, readFlags } from '../attribution/statements.ts';
import { readTrailers } from '../attribution/trailers.ts';
import { foldWorklog } from '../hooks/fold-worklog.ts';
import type { Writer } from '../hooks/worklog.ts';
import { keepAttribution } from '../repository/keep-attribution.ts';
import type { DraftBuilder } from '../repository/draft-builder.ts';
import { promptKey } from '../repository/prompt-key.ts';
import type { Repository } from '../repository/repository.ts';
import { recordedParts } from '../working-copy/recorded-parts.ts';
import { readWorklog } from '../working-copy/worklog-notes.ts';
import type { Attributing, AttributionQuestion } from './attribute-record.ts';
import { promptFileUnreadable } from './faults.ts';
import { registryOf } from './registry-file.ts';
import type { Shell } from './shell.ts';

export function attributing(shell: Shell, repository: Repository, question: AttributionQuestion): Attributing {
  const registry = registryOf(repository.root);
  const settings = readAiSettings(shell.settings().section('ai'));
  // A bad value is an error also where there turns out to be nothing to record.
  readFlags(question.flags);
  readEnvironment(shell.env);
  const said = new Set<string>();
  let prompt: KeptPrompt | null = null;
  let witness: WitnessReport | null = null;
  return {
    attribute(_patch, builder) {
      const { flags, author, message, writer } = question;
      const seen = writer === undefined ? witnessOf(repository, builder, shell.client) : witnessOfWriter(writer);
      witness = withUse(repository, seen);
      const { attribution, warnings, promptFile } = attributionFromSources({
        author: { kind: 'header', n: 0, key: null },
        flags,
        environment: shell.env,
        witness,
        settings,
        trailer: readTrailers(message, author, registry).attribution,
        registry,
      });
      // Recording may begin again when somebody else was faster; once is enough.
      for (const warning of warnings) if (!said.has(warning)) shell.terminal.note(warning);
      for (const warning of warnings) said.add(warning);
      if (promptFile !== null && isAiAssisted(attribution)) {
        prompt = promptIn(shell, repository, promptFile, settings.privacy);
        return keepAttribution(withPrompt(attribution, prompt), randomBytes);
      }
      return isSilent(attribution) ? null : keepAttribution(attribution, randomBytes);
    },
    also(transaction) {
      spendUse(transaction, repository, witness);
      if (prompt === null) return;
      transaction.putPrompt({ hash: keyedNameBytes(prompt.hash), level: prompt.level, body: prompt.body });
    },
  };
}

/** Nobody said anything: the patch is as one without attribution. */
const isSilent = (attribution: Attribution): boolean =>
  attribution.actor === 'untracked' && attribution.evidence === 'none' && attribution.hunks.length === 0;

const withPrompt = (attribution: AiAttribution, prompt: KeptPrompt): AiAttribution => ({
  ...attribution,
  prompt: referenceTo(prompt),
});

/** What hooks and editors saw of the text that is being recorded. */
function witnessOf(repository: Repository, builder: DraftBuilder, client: Writer | null): WitnessReport | null {
  const log = readWorklog(repository.store);
  if (log.size === 0 && client === null) return null;
  const texts = new Map<string, Buffer | undefined>();
  const textNow = (path: string): Buffer | undefined => {
    if (!texts.has(path)) texts.set(path, textAt(join(repository.root, path)));
    return texts.get(path);
  };
  const view = repository.view();
  const parts = recordedParts(view, builder, textNow);
  const whole =
    client === null ? log : withClient(log, client, { view, paths: parts.map(({ path }) => path), textNow });
  return foldWorklog(parts, whole, textNow);
}

function textAt(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // Deleted: there is no text to ask about.
    return undefined;
  }
}

/** One hand wrote all of it. */
function witnessOfWriter(writer: Writer): WitnessReport | null {
  const common = { hunks: [], suggestion: null, tokens: null, cost: null } as const;
  switch (writer.actor) {
    case 'untracked':
      return null;
    case 'human':
      return { ...common, evidence: 'editor', actor: 'human', agent: null, model: null, prompt: null };
    case 'ai': {
      const { evidence, agent, model, prompt } = writer;
      return { ...common, evidence, actor: 'ai', agent, model, prompt, suggestion: 'complete' };
    }
  }
}

function promptIn(shell: Shell, repository: Repository, file: string, level: KeptPrompt['level']): KeptPrompt {
  let text: string;
  try {
    text = readFileSync(resolve(shell.folder, file), 'utf8');
  } catch (cause) {
    throw promptFileUnreadable(file, cause);
  }
  return keepPrompt(promptKey(repository, randomBytes), level, text, randomBytes);
}
