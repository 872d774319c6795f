// What can be wrong with a request to a conversation.

import { countText, Fault } from 'kernel/basics';

export const chatNotFound = (id: string): Fault =>
  new Fault('CHAT_NOT_FOUND', {
    what: 'The chat was not found.',
    why: `${JSON.stringify(id.slice(0, 40))} names no chat of yours, and nobody to talk to.`,
    next: 'Read GET /api/chat/list for your chats and GET /api/chat/characters for whom one can talk to.',
    about: { kind: 'not-found' },
  });

export const messageNotFound = (id: string): Fault =>
  new Fault('CHAT_MESSAGE_NOT_FOUND', {
    what: 'The message was not found.',
    why: `${JSON.stringify(id.slice(0, 40))} is no message of this chat.`,
    next: 'Read the history of the chat again.',
    about: { kind: 'not-found' },
  });

export const thingNotFound = (what: string, id: string): Fault =>
  new Fault('CHAT_THING_NOT_FOUND', {
    what: `The ${what} was not found.`,
    why: `${JSON.stringify(id.slice(0, 40))} names no ${what} of yours.`,
    next: 'Read the list again; somebody may have removed it.',
    about: { kind: 'not-found' },
  });

export const resetNeedsPost = (): Fault =>
  new Fault('CHAT_RESET_NEEDS_POST', {
    what: 'The chat was not reset.',
    why: 'A GET never changes anything, so that no prefetch and no cache can end a conversation.',
    next: 'Send POST /api/chat with reset true: the conversation is archived for 30 days and a new one begins.',
    about: { kind: 'wrong-use' },
  });

export const senderForged = (): Fault =>
  new Fault('CHAT_SENDER_FORGED', {
    what: 'The message was not accepted.',
    why: 'It says that the bot sent it, and you are not the bot.',
    next: 'Leave sender out: what you post is yours.',
    about: { kind: 'not-allowed' },
  });

export const notThatPerson = (): Fault =>
  new Fault('CHAT_NOT_THAT_PERSON', {
    what: 'The chat was not opened.',
    why: 'The userId is not the one you are signed in as.',
    next: 'Leave userId out, or give your own.',
    about: { kind: 'not-allowed' },
  });

export const keyMissing = (): Fault =>
  new Fault('CHAT_KEY_MISSING', {
    what: 'The message was not accepted.',
    why: 'It has no Idempotency-Key, so that a repeat of it could not be told from a second message.',
    next: 'Send a random text of at most 200 characters as Idempotency-Key, and the same one with each repeat.',
    about: { kind: 'wrong-use' },
  });

export const keyOfAnother = (): Fault =>
  new Fault('CHAT_KEY_REUSED', {
    what: 'The message was not accepted.',
    why: 'Its Idempotency-Key came with another text before.',
    next: 'Make a new key for a new message.',
    about: { kind: 'conflict' },
  });

export const alreadyAnswering = (run: string): Fault =>
  new Fault('CHAT_ALREADY_ANSWERING', {
    what: 'No second answer was begun.',
    why: `Run ${run} is already answering this message.`,
    next: `Follow it at /api/runs/${run}/events, or stop it first.`,
    about: { kind: 'conflict' },
  });

export const nothingToAnswer = (): Fault =>
  new Fault('CHAT_NOTHING_TO_ANSWER', {
    what: 'No answer was begun.',
    why: 'The request names no message and has no content.',
    next: 'Send content, or the messageId of what is to be answered.',
    about: { kind: 'wrong-use' },
  });

export const isArchived = (): Fault =>
  new Fault('CHAT_ARCHIVED', {
    what: 'The message was not accepted.',
    why: 'This conversation is in the archive.',
    next: 'Take it out of the archive first, or begin a new one.',
    about: { kind: 'conflict' },
  });

export const artifactWrong = (why: string): Fault =>
  new Fault('CHAT_ARTIFACT_WRONG', {
    what: 'The picture was not accepted.',
    why,
    next: 'Send a PNG, JPEG, GIF or WebP picture of at most 5 MiB.',
    about: { kind: 'wrong-use' },
  });

export const noImageModel = (): Fault =>
  new Fault('CHAT_NO_IMAGE_MODEL', {
    what: 'The picture was not made larger.',
    why: 'No model for pictures is set up here.',
    next: 'The picture itself stays as it is; ask whoever looks after this server to set one up.',
    about: { kind: 'unavailable', service: 'image model' },
  });

export const notEnoughPoints = (missing: number): Fault =>
  new Fault('CHAT_NOT_ENOUGH_POINTS', {
    what: 'The gift was not opened.',
    why: `You have ${countText(missing, 'point')} too few for it.`,
    next: 'Each message that you send earns points.',
    about: { kind: 'conflict' },
  });

export const originWrong = (origin: string): Fault =>
  new Fault('CHAT_ORIGIN_WRONG', {
    what: 'The embedded chat was not saved.',
    why: `${JSON.stringify(origin.slice(0, 80))} is no exact origin of a page.`,
    next: 'Write it as https://example.org, with its port if it has one of its own, and without a path or a star.',
    about: { kind: 'wrong-use' },
  });

export const tooMany = (what: string, max: number): Fault =>
  new Fault('CHAT_TOO_MANY', {
    what: `The ${what} was not saved.`,
    why: `You have ${max} of them, which is as many as are kept.`,
    next: 'Remove one that you no longer need.',
    about: { kind: 'conflict' },
  });

export const modelUnknown = (name: string): Fault =>
  new Fault('CHAT_MODEL_UNKNOWN', {
    what: 'The question was not asked.',
    why: `Nothing here answers to the name ${JSON.stringify(name.slice(0, 80))}.`,
    next: 'Choose another model for this chat, or add a key for its provider under Sources.',
    about: { kind: 'unavailable', service: name.slice(0, 80) },
  });
