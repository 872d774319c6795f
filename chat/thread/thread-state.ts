// What the screen of a conversation shows, besides the messages themselves.

import { createStore, type StoreApi } from 'zustand/vanilla';

import type { Character, Chat } from '../protocol/index.ts';

export interface ThreadProblem {
  readonly text: string;
  /** As in ChatError. */
  readonly kind: string;
}

export interface ThreadState {
  /** The conversation; null as long as it was not begun. */
  readonly chatId: string | null;
  readonly chat: Chat | null;
  readonly character: Character | null;
  /** Of the branch that is shown, oldest first; what is being sent stands at the end. */
  readonly ids: readonly string[];
  readonly loading: 'none' | 'first' | 'older';
  readonly hasOlder: boolean;
  /** The run that is answering. */
  readonly answering: { readonly runId: string; readonly answerId: string } | null;
  /** Of the answer under way. */
  readonly connection: 'idle' | 'connecting' | 'live' | 'waiting';
  /** The guided set-up. */
  readonly isNew: boolean;
  readonly totalSteps: number;
  readonly currentStep: number;
  readonly problem: ThreadProblem | null;
  /** For the polite region of screen readers. */
  readonly announcement: string;
}

export type ThreadStore = StoreApi<ThreadState>;

export const createThreadStore = (): ThreadStore =>
  createStore<ThreadState>(() => ({
    chatId: null,
    chat: null,
    character: null,
    ids: [],
    loading: 'none',
    hasOlder: false,
    answering: null,
    connection: 'idle',
    isNew: false,
    totalSteps: 0,
    currentStep: 0,
    problem: null,
    announcement: '',
  }));
