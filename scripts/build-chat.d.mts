export function isChatFresh(): boolean;
/** @param folder Where to; `.build/chat` where it is left out. */
export function buildChat(folder?: string): Promise<void>;
