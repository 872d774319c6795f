// Which model is meant when several sources name a provider, a model, or half of either.

import type { KnownModel, Model } from './attribution.ts';
import { providerId, recognise, type Registry } from './registry.ts';

interface NamedSoFar {
  readonly provider: string | null;
  readonly model: string | null;
}

/** Provider and model from the first source that names either; later ones complete it only where they agree. */
export function nameModel(registry: Registry, sources: readonly NamedSoFar[]): Model | null {
  let provider: string | null = null;
  for (const source of sources) {
    const named = splitProvider(registry, source);
    const isOfAnother = provider !== null && named.provider !== null && named.provider !== provider;
    if (isOfAnother) continue;
    provider ??= named.provider;
    if (named.model !== null) {
      const recognised = recognise(registry, provider, named.model);
      return known(provider ?? recognised.provider ?? 'unknown', named.model);
    }
  }
  return provider === null ? null : { kind: 'untold', provider };
}

/** `anthropic/claude-opus-4-5` names both, unless a provider is named that has such models itself. */
function splitProvider(registry: Registry, { provider, model }: NamedSoFar): NamedSoFar {
  const told = provider === null ? null : (providerId(registry, provider) ?? provider);
  const slash = model?.indexOf('/') ?? -1;
  if (model === null || slash <= 0) {
    // A model that is listed belongs to its provider, whichever source names it.
    const of = model === null || told !== null ? null : recognise(registry, null, model).provider;
    return { provider: told ?? of, model };
  }
  const prefix = providerId(registry, model.slice(0, slash));
  if (prefix === undefined || (told !== null && told !== prefix)) return { provider: told, model };
  return { provider: prefix, model: model.slice(slash + 1) };
}

const known = (provider: string, model: string): KnownModel => ({
  kind: 'known',
  provider,
  model,
  version: null,
  temperatureMilli: null,
  maxTokens: null,
});
