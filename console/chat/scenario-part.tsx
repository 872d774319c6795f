// Where the conversation takes place, and what is told about it only when a word of it comes up.

import { scenarioModule } from 'chat/modules';
import type { ThreadState } from 'chat/thread';
import { useState } from 'react';

import { TextArea } from '../components/text-area.tsx';
import { chosen, keepChosen } from './chosen.ts';
import { DraftForm } from './draft-form.tsx';
import { PickList } from './pick-list.tsx';
import { entriesIn } from './scenario-state.ts';
import { useChatScreen } from './screen-context.ts';
import { useAsked } from './use-asked.ts';
import { useThread } from './use-open-chat.ts';

const scenarioOf = (state: ThreadState) => chosen(state, 'scenarioId');

export function ScenarioPart() {
  const { chat } = useChatScreen();
  const picked = useThread(chat, scenarioOf);
  const scenarios = useAsked('scenarios', () => chat.modules.port(scenarioModule)?.list());
  const [isAdding, setIsAdding] = useState(false);
  const [world, setWorld] = useState('');
  const set = async (scenarioId: string | null): Promise<void> => {
    await chat.modules.port(scenarioModule)?.setScenario(scenarioId);
    keepChosen(chat, { scenarioId });
  };
  return (
    <>
      {scenarios.problem !== null && <p className="text-sm text-bad">{scenarios.problem}</p>}
      <PickList
        label="Scenario"
        none="No scenario"
        things={scenarios.value}
        picked={picked}
        onPick={(id) => void scenarios.change('Choosing the scenario', () => set(id))}
        onRemove={({ id }) =>
          void scenarios.change('Removing the scenario', async () => {
            await chat.modulesApi.scenarios.remove(id);
            if (picked === id) keepChosen(chat, { scenarioId: null });
          })
        }
      />
      <DraftForm
        isOpen={isAdding}
        onOpen={setIsAdding}
        open="Add a scenario"
        nameLabel="Name"
        textLabel="Where does it take place?"
        textHint="Told with every question."
        onSave={({ name, text }) =>
          scenarios.change('Adding the scenario', async () => {
            const draft = { name, description: text, entries: [...entriesIn(world)] };
            const added = await chat.modules.port(scenarioModule)?.addScenario(draft);
            setWorld('');
            if (added !== undefined) await set(added.id);
          })
        }
      >
        <TextArea
          label="Told when a word comes up"
          detail="A line each, such as: lighthouse, keeper: The lighthouse has been dark for a year."
          value={world}
          rows={3}
          onText={setWorld}
        />
      </DraftForm>
    </>
  );
}
