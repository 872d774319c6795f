// Texts that people reuse, filled in by the server, in versions.

import type { FilledPrompt, Prompt, PromptDraft } from '../protocol/index.ts';
import { defineModule } from './define-module.ts';

export interface PromptPort {
  list(): Promise<readonly Prompt[]>;
  versions(promptId: string): Promise<readonly Prompt[]>;
  save(draft: PromptDraft, promptId?: string): Promise<Prompt>;
  /** The newest version with `{{name}}` filled in; what the context lacks is in `missing`. */
  getPrompt(promptId: string, context?: Readonly<Record<string, string>>): Promise<FilledPrompt>;
}

export const promptsModule = defineModule<PromptPort>({
  name: 'prompts',
  statusName: 'promptManager',
  async setup({ modules, events }) {
    const { prompts } = modules;
    await prompts.list();
    return {
      list: () => prompts.list(),
      versions: (promptId) => prompts.versions(promptId),
      save: (draft, promptId) => (promptId === undefined ? prompts.add(draft) : prompts.change(promptId, draft)),
      getPrompt: async (promptId, context = {}) => {
        const { content, missing, ...rest } = await prompts.filled(promptId, context);
        events.triggerChatEvent('prompt:retrieved', { promptId, content, missing });
        return { ...rest, content, missing };
      },
    };
  },
  /** An empty text that says so: version 0 is no version. */
  fallback: () => ({
    list: async () => [],
    versions: async () => [],
    save: async (draft) => ({
      id: 'not-kept',
      name: draft.name,
      version: 0,
      content: draft.content,
      use: draft.use ?? 'message',
      createdAt: '1970-01-01T00:00:00.000Z',
    }),
    getPrompt: async (id) => ({ id, version: 0, content: '', missing: [] }),
  }),
});
