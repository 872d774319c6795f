// Who one is in this conversation: told to whoever answers, with each question.

import { personaModule } from 'chat/modules';
import type { ThreadState } from 'chat/thread';
import { useState } from 'react';

import { DraftForm } from './draft-form.tsx';
import { PickList } from './pick-list.tsx';
import { useChatScreen } from './screen-context.ts';
import { chosen, keepChosen } from './chosen.ts';
import { useAsked } from './use-asked.ts';
import { useThread } from './use-open-chat.ts';

const personaOf = (state: ThreadState) => chosen(state, 'personaId');

export function PersonaPart() {
  const { chat } = useChatScreen();
  const picked = useThread(chat, personaOf);
  const personas = useAsked('personas', () => chat.modules.port(personaModule)?.list());
  const [isAdding, setIsAdding] = useState(false);
  const pick = (personaId: string | null): Promise<boolean> =>
    personas.change('Choosing the persona', async () => {
      await chat.modules.port(personaModule)?.setPersona(personaId);
      keepChosen(chat, { personaId });
    });
  return (
    <>
      {personas.problem !== null && <p className="text-sm text-bad">{personas.problem}</p>}
      <PickList
        label="Persona"
        none="As yourself"
        things={personas.value.map(({ avatar, ...rest }) => ({ ...rest, mark: avatar }))}
        picked={picked}
        onPick={(id) => void pick(id)}
        onRemove={({ id }) =>
          void personas.change('Removing the persona', async () => {
            await chat.modulesApi.personas.remove(id);
            if (picked === id) keepChosen(chat, { personaId: null });
          })
        }
      />
      <DraftForm
        isOpen={isAdding}
        onOpen={setIsAdding}
        open="Add a persona"
        nameLabel="Name"
        textLabel="Who are you in it?"
        textHint="Such as: a teacher of biology who likes short answers."
        onSave={({ name, text }) =>
          personas.change('Adding the persona', async () => {
            const added = await chat.modules.port(personaModule)?.addPersona({ name, description: text });
            if (added !== undefined) keepChosen(chat, { personaId: added.id });
          })
        }
      />
    </>
  );
}
