// What is chosen for a conversation: the server keeps it, and the open conversation shows it.

import type { Chat, ChangeChat } from 'chat/protocol';
import type { OpenChat, ThreadState } from 'chat/thread';

type Choices = Pick<Chat, 'personaId' | 'scenarioId' | 'promptId' | 'model'>;

export const chosen = <Choice extends keyof Choices>({ chat }: ThreadState, choice: Choice): Choices[Choice] | null =>
  chat?.[choice] ?? null;

/** Shows what the server was told. */
export function keepChosen({ thread }: OpenChat, choices: Partial<Choices>): void {
  thread.store.setState(({ chat }) => ({ chat: chat === null ? null : { ...chat, ...choices } }));
}

/** Tells the server, then shows it. */
export async function choose(open: OpenChat, change: ChangeChat): Promise<void> {
  const { chatId } = open.thread.store.getState();
  if (chatId === null) return;
  const { personaId, scenarioId, promptId, model } = await open.api.change(chatId, change);
  keepChosen(open, { personaId, scenarioId, promptId, model });
}
