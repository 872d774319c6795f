// Which evidence may say what of an AI. The one place where loose values become an `AiSource`.

import { unreachable } from 'kernel/basics';

import type { Agent, AiSource, Evidence, Model } from './attribution.ts';

type AiSourceOf =
  { readonly kind: 'source'; readonly source: AiSource } | { readonly kind: 'refused'; readonly why: string };

/** A model that was not told needs a witness that saw an agent, or a person who names the provider at least. */
export function aiSourceOf(evidence: Evidence, model: Model, agent: Agent | null): AiSourceOf {
  switch (evidence) {
    case 'none':
    case 'watcher':
      return { kind: 'refused', why: `Evidence "${evidence}" cannot say that an AI wrote it.` };
    case 'config':
      return model.kind === 'known'
        ? { kind: 'source', source: { evidence, model, agent } }
        : { kind: 'refused', why: 'A configuration says which model is used, or nothing.' };
    case 'hook':
    case 'mcp':
    case 'editor':
    case 'trailer':
    case 'import':
      if (model.kind === 'known') return { kind: 'source', source: { evidence, model, agent } };
      return agent === null
        ? { kind: 'refused', why: 'It names neither a model nor an agent.' }
        : { kind: 'source', source: { evidence, model, agent } };
    case 'cli-flag':
    case 'env':
      if (model.kind === 'known') return { kind: 'source', source: { evidence, model, agent } };
      return model.provider === null
        ? { kind: 'refused', why: 'It names neither a model nor a provider.' }
        : { kind: 'source', source: { evidence, model: { kind: 'untold', provider: model.provider }, agent } };
    default:
      return unreachable(evidence);
  }
}
