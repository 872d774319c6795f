// Why what was sent or named is not taken in.

import { Fault } from 'kernel/basics';

export const archiveRefused = (name: string, why: string): Fault =>
  new Fault('ARCHIVE_REFUSED', {
    what: `The archive ${name} was not unpacked.`,
    why: `${why}.`,
    next: 'Pack the project anew, without node_modules and without links that lead out of it, and send that.',
    about: { kind: 'wrong-use' },
  });

export const uploadTooLarge = (limit: string): Fault =>
  new Fault('UPLOAD_TOO_LARGE', {
    what: 'The archive was not taken.',
    why: `It is larger than ${limit}.`,
    next: 'Pack the project without node_modules and .git, or name its git repository.',
    about: { kind: 'wrong-use' },
  });

export const uploadMissing = (upload: string): Fault =>
  new Fault('UPLOAD_NOT_FOUND', {
    what: `The upload ${upload.slice(0, 40)} was not found.`,
    why: 'It was never sent, or is older than two days.',
    next: 'Send the archive again.',
    about: { kind: 'not-found' },
  });

export const addressWrong = (address: string, why: string): Fault =>
  new Fault('ADDRESS_WRONG', {
    what: `The address ${shown(address)} was not fetched.`,
    why,
    next: 'Give an address such as https://host/owner/project.git, git@host:owner/project.git or file:///path.',
    about: { kind: 'wrong-use' },
  });

export const cloneFailed = (address: string, why: string): Fault =>
  new Fault('CLONE_FAILED', {
    what: `The repository ${shown(address)} could not be fetched.`,
    why: `${why}.`,
    next: 'Look whether it can be cloned without being asked for a password; for a private one use ssh and its agent.',
    about: { kind: 'wrong-use' },
  });

/** Without the password that an address may carry. */
const shown = (address: string): string => address.replaceAll(/\/\/[^/@\s]*@/g, '//').slice(0, 200);
