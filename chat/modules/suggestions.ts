// What one could say next, and a count of what happens for those who want to know.

import type { Suggestion } from '../protocol/index.ts';
import { EVERY_EVENT } from '../events/index.ts';
import { defineModule, type ModuleDefinition } from './define-module.ts';

export interface SuggestionPort {
  getSuggestions(): Promise<readonly Suggestion[]>;
}

export const suggestionsModule = defineModule<SuggestionPort>({
  name: 'suggestions',
  statusName: 'suggestionsManager',
  async setup({ modules, events, chatId }) {
    const getSuggestions = async (): Promise<readonly Suggestion[]> => {
      const chat = chatId();
      if (chat === null) return [];
      const { suggestions } = await modules.suggestions(chat);
      events.triggerChatEvent('suggestions:retrieved', { suggestions });
      return suggestions;
    };
    await getSuggestions();
    return { getSuggestions };
  },
  fallback: () => ({ getSuggestions: async () => [] }),
});

export interface AnalyticsPort {
  counts(): Readonly<Record<string, number>>;
}

/** Optional, and never expected. @param tell Takes the name of each event; never what was said. */
export const analyticsModule = (tell: (name: string) => void = () => {}): ModuleDefinition<AnalyticsPort> =>
  defineModule<AnalyticsPort>({
    name: 'analytics',
    setup({ events, signal }) {
      const counts = new Map<string, number>();
      const off = events.on(EVERY_EVENT, (told) => {
        const { name } = told as { readonly name: string };
        counts.set(name, (counts.get(name) ?? 0) + 1);
        tell(name);
      });
      signal.addEventListener('abort', off);
      return { counts: () => Object.fromEntries(counts) };
    },
  });
