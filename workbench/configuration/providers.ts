// The providers of models as the settings name them.

import { Secret } from 'kernel/basics';
import type { ProviderSettings } from 'kernel/models';

import { PROVIDER_NAMES } from '../protocol/index.ts';
import type { Settings } from './schema.ts';

/** All of them; one without keys and without an address of its own cannot be asked. The one to ask first comes first. */
export function providersOf(settings: Settings): readonly ProviderSettings[] {
  const all = PROVIDER_NAMES.map((provider): ProviderSettings => {
    const keys = [settings[`${provider}ApiKey`] ?? '', ...(settings[`${provider}ApiKeys`] ?? '').split(',')]
      .map((key) => key.trim())
      .filter((key) => key !== '');
    return {
      provider,
      keys: [...new Set(keys)].map((key) => new Secret(key)),
      model: settings[`${provider}Model`],
      baseUrl: settings[`${provider}BaseUrl`]?.replace(/\/+$/, ''),
    };
  });
  const first = settings.llmProvider;
  return all.toSorted((a, b) => Number(b.provider === first) - Number(a.provider === first));
}
