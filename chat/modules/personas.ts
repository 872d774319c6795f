// Who the person is, and where the talk takes place: chosen for a conversation, kept on the server.

import type { Persona, PersonaDraft, Scenario, ScenarioDraft } from '../protocol/index.ts';
import { defineModule, type ModuleContext, type SetupContext } from './define-module.ts';
import { chatNotBegun } from './faults.ts';

export interface PersonaPort {
  list(): Promise<readonly Persona[]>;
  addPersona(draft: PersonaDraft): Promise<Persona>;
  /** For this conversation, from the next question on; null takes it away. */
  setPersona(personaId: string | null): Promise<void>;
}

export const personaModule = defineModule<PersonaPort>({
  name: 'persona',
  statusName: 'personaModule',
  async setup(context) {
    const port = personaPort(context);
    await port.list();
    listen(context, [
      context.events.on('persona:added', async ({ persona }) => {
        // Without an id it comes from the page around: it is made here, and said again with its id.
        if (persona.id !== undefined) return;
        await port.addPersona({ name: persona.name, description: persona.description });
      }),
      context.events.on('persona:close', () => port.setPersona(null)),
    ]);
    return port;
  },
  /** Nothing can be chosen; what is added is told on, so that the page around goes on. */
  fallback: ({ events }) => ({
    list: async () => [],
    addPersona: async (draft) => {
      const persona = { id: 'not-kept', name: draft.name, description: draft.description, avatar: draft.avatar ?? '' };
      events.triggerChatEvent('persona:added', { persona });
      return persona;
    },
    setPersona: async () => undefined,
  }),
});

function personaPort(context: ModuleContext): PersonaPort {
  const { modules, events, api } = context;
  const setPersona = async (personaId: string | null): Promise<void> => {
    await api.change(begun(context, 'The persona'), { personaId });
  };
  return {
    list: () => modules.personas.list(),
    addPersona: async (draft) => {
      const persona = await modules.personas.add(draft);
      if (context.chatId() !== null) await setPersona(persona.id);
      events.triggerChatEvent('persona:added', { persona });
      return persona;
    },
    setPersona,
  };
}

export interface ScenarioPort {
  list(): Promise<readonly Scenario[]>;
  addScenario(draft: ScenarioDraft): Promise<Scenario>;
  setScenario(scenarioId: string | null): Promise<void>;
}

export const scenarioModule = defineModule<ScenarioPort>({
  name: 'scenario',
  statusName: 'scenarioModule',
  async setup(context) {
    const { modules, events, api } = context;
    const port: ScenarioPort = {
      list: () => modules.scenarios.list(),
      addScenario: (draft) => modules.scenarios.add(draft),
      setScenario: async (scenarioId) => {
        await api.change(begun(context, 'The scenario'), { scenarioId });
        events.triggerChatEvent('scenario:changed', { scenarioId });
      },
    };
    await port.list();
    listen(context, [events.on('scenario:change', ({ scenarioId }) => port.setScenario(scenarioId))]);
    return port;
  },
  fallback: () => ({
    list: async () => [],
    addScenario: async (draft) => ({ id: 'not-kept', name: draft.name, description: draft.description, entries: [] }),
    setScenario: async () => undefined,
  }),
});

/** Listens until the chat is closed. */
function listen({ signal }: SetupContext, offs: readonly (() => void)[]): void {
  signal.addEventListener('abort', () => offs.forEach((off) => off()));
}

function begun(context: ModuleContext, what: string): string {
  const chatId = context.chatId();
  if (chatId === null) throw chatNotBegun(what);
  return chatId;
}
