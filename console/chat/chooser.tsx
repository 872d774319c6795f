// What one could say next: the choices of the guided set-up, then suggestions.

import type { Suggestion } from 'chat/protocol';
import { suggestionsModule } from 'chat/modules';
import type { OpenChat, ThreadState } from 'chat/thread';
import { useEffect, useState } from 'react';

import { useThread } from './use-open-chat.ts';

const characterOf = (state: ThreadState) => state.character;
const stepOf = (state: ThreadState): number => state.currentStep;
const stepsOf = (state: ThreadState): number => state.totalSteps;
const isBusyIn = (state: ThreadState): boolean => state.answering !== null;

export function Chooser({ chat }: { readonly chat: OpenChat }) {
  const character = useThread(chat, characterOf);
  const step = useThread(chat, stepOf);
  const steps = useThread(chat, stepsOf);
  const isBusy = useThread(chat, isBusyIn);
  const suggestions = useSuggestions(chat);
  const isSetUp = step < steps;
  const texts = isSetUp ? (character?.steps[step]?.choices ?? []) : isBusy ? [] : suggestions.map(({ text }) => text);
  return (
    <div className="mx-auto w-full max-w-3xl px-3 sm:px-6">
      {isSetUp && (
        <p className="pb-1.5 text-xs text-ink-soft">
          Question {step + 1} of {steps}. Choose, or write an answer of your own.
        </p>
      )}
      {texts.length > 0 && (
        <ul
          aria-label={isSetUp ? 'Choices' : 'Suggestions'}
          className="flex gap-2 overflow-x-auto pb-2 [scrollbar-width:none] sm:flex-wrap"
        >
          {texts.map((text) => (
            <li key={text} className="shrink-0">
              <button
                type="button"
                onClick={() => void chat.thread.send(text)}
                className="h-8 rounded-full border border-line-strong bg-surface px-3.5 text-sm hover:border-accent-line hover:bg-accent-soft"
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Asked for when all has begun and after each answer; gone as soon as something is said. */
function useSuggestions({ modules, events }: OpenChat): readonly Suggestion[] {
  const [suggestions, setSuggestions] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      const all = (await modules.port(suggestionsModule)?.getSuggestions()) ?? [];
      if (!isGone) setSuggestions(all);
    };
    const offs = [
      events.on('chatcore:ready', ask),
      events.on('message:received', ask),
      events.on('message:sent', () => setSuggestions([])),
    ];
    return () => {
      isGone = true;
      for (const off of offs) off();
    };
  }, [modules, events]);
  return suggestions;
}
