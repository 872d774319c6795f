// The faults of the workbench: the server, who may do what, and its commands.

import { countText, Fault } from 'kernel/basics';

const wrongUse = { kind: 'wrong-use' } as const;
const unavailable = (service: string) => ({ kind: 'unavailable', service }) as const;

export const notSignedIn = (): Fault =>
  new Fault('NOT_SIGNED_IN', {
    what: 'This needs somebody who is signed in.',
    why: 'The request came with no session and no token, or with one that has expired or was revoked.',
    next: 'Open the sign-in link that tandem link prints, or send a token of tandem token issue as Authorization: Bearer.',
    about: { kind: 'not-signed-in' },
  });

export const roleMissing = (role: string, needed: readonly string[]): Fault =>
  new Fault('NOT_ALLOWED', {
    what: 'You may not do this.',
    why: `You are signed in as ${role}; it takes ${needed.join(' or ')}.`,
    next: 'Ask the owner of this workbench.',
    about: { kind: 'not-allowed' },
  });

export const hostNotAllowed = (host: string): Fault =>
  new Fault('HOST_NOT_ALLOWED', {
    what: `This server does not answer for ${host.slice(0, 100) || 'a request without a Host'}.`,
    why: 'Only the names it was set up for are allowed, so that no web page can reach it under a name of its own.',
    next: 'Use the address it printed when it started, or set TANDEM_URL to the one people use.',
    about: { kind: 'not-allowed' },
  });

export const originNotAllowed = (origin: string): Fault =>
  new Fault('ORIGIN_NOT_ALLOWED', {
    what: 'The request was not accepted.',
    why: `It came from a page of ${origin.slice(0, 100)}, and only Tandem's own pages may change anything.`,
    next: 'Do it in the console, or send a token instead of a cookie.',
    about: { kind: 'not-allowed' },
  });

export const tokenNotFound = (prefix: string, matches: number): Fault =>
  new Fault('TOKEN_NOT_FOUND', {
    what: `No single token is meant by "${prefix.slice(0, 40)}".`,
    why: matches === 0 ? 'No token has an id that begins so.' : `${countText(matches, 'token')} begin so.`,
    next: 'See their ids with tandem token list.',
    about: { kind: 'not-found' },
  });

export const ttlWrong = (text: string): Fault =>
  new Fault('TTL_WRONG', {
    what: `A token cannot live for "${text.slice(0, 40)}".`,
    why: 'A length of time is a number with s, m, h or d, and at most 365d.',
    next: 'Write for example --ttl 30m, --ttl 1h or --ttl 7d.',
    about: wrongUse,
  });

export const roleUnknown = (text: string, known: readonly string[]): Fault =>
  new Fault('ROLE_UNKNOWN', {
    what: `There is no role "${text.slice(0, 40)}".`,
    why: `The roles are ${known.join(', ')}.`,
    next: 'Give one of them with --role.',
    about: wrongUse,
  });

export const portTaken = (place: string, who: string): Fault =>
  new Fault('PORT_TAKEN', {
    what: `Tandem cannot listen on ${place}.`,
    why: `${who} is listening there already.`,
    next: 'End it, or start with another port: TANDEM_PORT=4601 npm start. TANDEM_PORT=0 takes any free one.',
    about: unavailable('port'),
  });

export const cannotListen = (place: string, cause: unknown): Fault =>
  new Fault('CANNOT_LISTEN', {
    what: `Tandem cannot listen on ${place}.`,
    why: `${cause instanceof Error ? cause.message : String(cause)}.`,
    next: 'Correct TANDEM_HOST and TANDEM_PORT; tandem config shows where they come from.',
    about: unavailable('port'),
    cause,
  });

export const homeInUse = (home: string, holder: string): Fault =>
  new Fault('HOME_IN_USE', {
    what: `A server of Tandem runs on ${home} already.`,
    why: `${holder}, and two of them would do the same work twice.`,
    next: 'Use that one (tandem link prints a way in), end it, or give this one a TANDEM_HOME of its own.',
    about: { kind: 'conflict' },
  });

export const runEnded = (run: string, status: string): Fault =>
  new Fault('RUN_ENDED', {
    what: `Run ${run} was not stopped.`,
    why: `It has ended already: ${status}.`,
    next: 'Nothing is left to do; start a new run if you need one.',
    about: { kind: 'conflict' },
  });

export const folderMissing = (folder: string): Fault =>
  new Fault('FOLDER_MISSING', {
    what: `The command cannot run in ${folder}.`,
    why: 'There is no such folder.',
    next: 'Correct the path given with -C.',
    about: wrongUse,
  });

export const spendByWrong = (by: string, known: readonly string[]): Fault =>
  new Fault('SPEND_BY_WRONG', {
    what: 'The report was not made.',
    why: `It cannot be made by ${JSON.stringify(by)}.`,
    next: `Make it by one of: ${known.join(', ')}.`,
    about: { kind: 'wrong-use' },
  });

export const spendDayWrong = (name: string, text: string): Fault =>
  new Fault('SPEND_DAY_WRONG', {
    what: 'The report was not made.',
    why: `What --${name} says, ${JSON.stringify(text)}, is no day.`,
    next: 'Write a day as 2026-11-21.',
    about: { kind: 'wrong-use' },
  });

export const embedNotFound = (id: string): Fault =>
  new Fault('EMBED_NOT_FOUND', {
    what: 'There is no chat to hold here.',
    why: `${JSON.stringify(id.slice(0, 40))} names no embedded chat, or it was turned off.`,
    next: 'Ask whoever looks after the page to copy its line from the console again.',
    about: { kind: 'not-found' },
  });
