// Texts that people reuse: put into the field with their names filled in, or told with every question. A change makes a
// new version, and the ones before stay.

import { promptsModule } from 'chat/modules';
import type { Prompt } from 'chat/protocol';
import type { ThreadState } from 'chat/thread';
import { useState } from 'react';

import { Segmented } from '../components/segmented.tsx';
import { chosen, choose } from './chosen.ts';
import { DraftForm, type Drafted } from './draft-form.tsx';
import { PromptLine } from './prompt-line.tsx';
import { useChatScreen } from './screen-context.ts';
import { useAsked } from './use-asked.ts';
import { useThread } from './use-open-chat.ts';

const promptOf = (state: ThreadState) => chosen(state, 'promptId');
type Use = Prompt['use'];

export function PromptsPart() {
  const { chat } = useChatScreen();
  const picked = useThread(chat, promptOf);
  const prompts = useAsked('prompts', () => chat.modules.port(promptsModule)?.list());
  const [isAdding, setIsAdding] = useState(false);
  const [use, setUse] = useState<Use>('message');
  const save = ({ name, text }: Drafted, changed?: Prompt): Promise<boolean> =>
    prompts.change('Saving the prompt', async () => {
      const draft = { name, content: text, use: changed?.use ?? use };
      await chat.modules.port(promptsModule)?.save(draft, changed?.id);
    });
  const told = (promptId: string | null): void =>
    void prompts.change('Choosing the prompt', () => choose(chat, { promptId }));
  return (
    <>
      {prompts.problem !== null && <p className="text-sm text-bad">{prompts.problem}</p>}
      {prompts.value.length === 0 && (
        <p className="text-sm text-ink-soft">None yet. Write {'{{name}}'} where something is to be filled in.</p>
      )}
      <ul aria-label="Prompts" className="space-y-1.5">
        {prompts.value.map((prompt) => (
          <li key={`${prompt.id} ${prompt.version}`}>
            <PromptLine
              prompt={prompt}
              isTold={prompt.id === picked}
              onTold={(isTold) => told(isTold ? prompt.id : null)}
              onSave={(drafted) => save(drafted, prompt)}
              onRemove={() =>
                void prompts.change('Removing the prompt', async () => {
                  await chat.modulesApi.prompts.remove(prompt.id);
                  if (prompt.id === picked) await choose(chat, { promptId: null });
                })
              }
            />
          </li>
        ))}
      </ul>
      <DraftForm
        isOpen={isAdding}
        onOpen={setIsAdding}
        open="Add a prompt"
        nameLabel="Name"
        textLabel="Text"
        textHint="{{name}} is filled in when it is used."
        onSave={(drafted) => save(drafted)}
      >
        <Segmented<Use>
          label="How it is used"
          value={use}
          onChange={setUse}
          segments={[
            { value: 'message', label: 'Into the field' },
            { value: 'system', label: 'With every question' },
          ]}
        />
      </DraftForm>
    </>
  );
}
