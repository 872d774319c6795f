// What belongs to a conversation besides its words: who answers, who one is in it, where it takes place, prompts, rewards,
// and which of the modules are there.

import type { ModulesStatus } from 'chat/modules';
import type { OpenChat } from 'chat/thread';
import { Blocks, ChevronRight, Drama, Gift, Route, ScrollText, UserRound, type LucideIcon } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { Skeleton } from '../components/skeleton.tsx';
import { ModelPart } from './model-part.tsx';
import { PersonaPart } from './persona-part.tsx';
import { PromptsPart } from './prompts-part.tsx';
import { RewardsPart } from './rewards-part.tsx';
import { ScenarioPart } from './scenario-part.tsx';
import { useChatScreen } from './screen-context.ts';

const PARTS = [
  { title: 'Who answers', icon: Route, part: ModelPart, isOpen: true },
  { title: 'Persona', icon: UserRound, part: PersonaPart, isOpen: true },
  { title: 'Scenario', icon: Drama, part: ScenarioPart, isOpen: false },
  { title: 'Prompts', icon: ScrollText, part: PromptsPart, isOpen: false },
  { title: 'Rewards', icon: Gift, part: RewardsPart, isOpen: true },
] as const;

export function ChatPanel() {
  const { chat } = useChatScreen();
  const status = useModules(chat);
  if (status === null) {
    return (
      <div className="p-4">
        <Skeleton label="Loading the modules" />
      </div>
    );
  }
  return (
    <>
      {PARTS.map(({ title, icon, part: Part, isOpen }) => (
        <Section key={title} title={title} icon={icon} isOpen={isOpen}>
          <Part />
        </Section>
      ))}
      <ModulesLine status={status} />
    </>
  );
}

interface SectionFace {
  readonly title: string;
  readonly icon: LucideIcon;
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

function Section({ title, icon: Icon, isOpen, children }: SectionFace) {
  return (
    <details open={isOpen} className="group border-b">
      <summary className="flex h-11 cursor-pointer list-none items-center gap-2 px-4 text-sm font-semibold -outline-offset-2 hover:bg-sunken [&::-webkit-details-marker]:hidden">
        <Icon aria-hidden className="size-4 text-ink-faint" />
        <h2 className="flex-1">{title}</h2>
        <ChevronRight aria-hidden className="size-4 text-ink-faint transition-transform group-open:rotate-90" />
      </summary>
      <div className="space-y-3 px-4 pb-4 pt-1">{children}</div>
    </details>
  );
}

/** Null until each module has begun or been given up. */
function useModules({ modules, events }: OpenChat): ModulesStatus | null {
  const [status, setStatus] = useState<ModulesStatus | null>(null);
  useEffect(() => events.on('chatcore:ready', () => setStatus(modules.getStatus())), [modules, events]);
  return status;
}

/** Names of the seed's modules, for people. */
const MODULE_WORDS: Readonly<Record<string, string>> = {
  personaModule: 'Persona',
  scenarioModule: 'Scenario',
  promptManager: 'Prompts',
  giftManager: 'Rewards',
  suggestionsManager: 'Suggestions',
};

function ModulesLine({ status }: { readonly status: ModulesStatus }) {
  const missing = Object.entries(status.states).filter(([, state]) => state !== 'ready');
  return (
    <div className="px-4 py-3 text-xs text-ink-soft">
      <p className="flex items-center gap-1.5">
        <Blocks aria-hidden className="size-3.5" /> {status.summary}
      </p>
      {missing.length > 0 && (
        <ul className="mt-1 space-y-0.5">
          {missing.map(([name, state]) => (
            <li key={name} className="[overflow-wrap:anywhere]">
              {MODULE_WORDS[name] ?? name}: {state}. {status.reasons[name]}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
