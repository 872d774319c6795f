// What nobody at the place where it happens can deal with, when a command is used.

import { Fault } from 'kernel/basics';

const list = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

/** Anything thrown that is no Fault yet. */
export const commandFailed = (cause: unknown): Fault =>
  new Fault('ATOMIC_UNEXPECTED', {
    what: 'The command failed.',
    why: cause instanceof Error && cause.message !== '' ? cause.message : String(cause),
    next: 'This is a mistake in Atomic or in something under it: run atomic doctor, and report what it prints.',
    cause,
  });

/** `said`: what commander said of it. */
export const usedWrongly = (said: string): Fault =>
  new Fault('ATOMIC_USED_WRONGLY', {
    what: 'The command cannot be understood.',
    why: said,
    next: 'Add --help to see how it is used.',
    about: { kind: 'wrong-use' },
  });

export const messageMissing = (): Fault =>
  new Fault('ATOMIC_MESSAGE_MISSING', {
    what: 'Nothing was recorded, for the patch has no message.',
    why: 'There is no terminal here on which an editor could ask for one.',
    next: 'Give it with -m "What this changes".',
    about: { kind: 'wrong-use' },
  });

export const authorMalformed = (said: string, value: string): Fault =>
  new Fault('ATOMIC_AUTHOR_MALFORMED', {
    what: `${said} is ${JSON.stringify(value)}, which names nobody.`,
    why: 'An author is written as a name and an address.',
    next: 'Write it as "Ada Lovelace <ada@example.org>".',
    about: { kind: 'wrong-use' },
  });

export const optionWrong = (option: string, value: string, allowed: string): Fault =>
  new Fault('ATOMIC_OPTION_WRONG', {
    what: `${option} is ${JSON.stringify(value)}, which it cannot be.`,
    why: `It takes ${allowed}.`,
    next: 'Correct it, or leave it out.',
    about: { kind: 'wrong-use' },
  });

export const optionsContradict = (first: string, second: string, why: string): Fault =>
  new Fault('ATOMIC_OPTIONS_CONTRADICT', {
    what: `${first} and ${second} cannot be used together.`,
    why,
    next: 'Leave one of them out.',
    about: { kind: 'wrong-use' },
  });

export const attributionStays = (): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_STAYS', {
    what: 'Nothing was applied, for --skip-attribution cannot be had here.',
    why: 'A patch lies in the repository once for all its channels, with what is known of who wrote it: applying copies nothing.',
    next: 'Leave the option out. To get patches without it use atomic pull --skip-attribution or atomic clone --skip-attribution.',
    about: { kind: 'wrong-use' },
  });

/** `hashes`: the patches, short. */
export const attributionNotHere = (hashes: readonly string[]): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_NOT_HERE', {
    what: `Nothing was applied, for the attribution of ${list(hashes)} is not in this repository.`,
    why: 'They came without what they were recorded with, and --with-attribution takes no patch without it.',
    next: 'Run atomic pull --with-attribution to get it, or apply without the option.',
    about: { kind: 'wrong-use' },
  });

export const patchesUnnamed = (command: string): Fault =>
  new Fault('ATOMIC_PATCHES_UNNAMED', {
    what: 'No patch was named.',
    why: `The command atomic ${command} takes the beginnings of hashes, or an expression that chooses patches.`,
    next: `Write atomic ${command} 7x3k, or atomic ${command} --where 'author=ada'. atomic log shows the patches.`,
    about: { kind: 'wrong-use' },
  });

export const folderInUse = (folder: string): Fault =>
  new Fault('ATOMIC_FOLDER_IN_USE', {
    what: `Nothing was written to ${folder}.`,
    why: 'There is something in that folder already, and files of a tree never overwrite others.',
    next: 'Name a folder that is empty or not there yet.',
    about: { kind: 'conflict' },
  });

export const configurationWrong = (file: string, mistakes: readonly string[]): Fault =>
  new Fault('ATOMIC_CONFIGURATION_WRONG', {
    what: `The configuration ${file} cannot be used.`,
    why: `It has a mistake: ${list(mistakes)}.`,
    next: 'Correct it with an editor, or with atomic config set. atomic config list shows every key.',
    about: { kind: 'wrong-use' },
  });

export const configurationKeyUnknown = (key: string, nearest: readonly string[]): Fault =>
  new Fault('ATOMIC_CONFIGURATION_KEY_UNKNOWN', {
    what: `There is no setting ${key}.`,
    why: nearest.length === 0 ? 'No setting has a name like it.' : `The nearest is ${nearest.join(', ')}.`,
    next: 'Run atomic config list: it shows every setting with its value.',
    about: { kind: 'wrong-use' },
  });

export const editorFailed = (editor: string, cause: unknown): Fault =>
  new Fault('ATOMIC_EDITOR_FAILED', {
    what: `The editor ${JSON.stringify(editor)} did not end well, so nothing was recorded.`,
    why: cause instanceof Error ? cause.message : String(cause),
    next: 'Set ATOMIC_EDITOR or EDITOR to one that works, or give the message with -m.',
    about: { kind: 'wrong-use' },
    cause,
  });

export const pointUnknown = (at: string): Fault =>
  new Fault('ATOMIC_POINT_UNKNOWN', {
    what: `There is no tag ${JSON.stringify(at)}.`,
    why: 'None of the tags has that name.',
    next: 'Look at atomic tag list.',
    about: { kind: 'not-found' },
  });

export const promptFileUnreadable = (file: string, cause: unknown): Fault =>
  new Fault('ATOMIC_PROMPT_FILE_UNREADABLE', {
    what: `The prompt in ${file} cannot be read, so nothing was recorded.`,
    why: cause instanceof Error ? cause.message : String(cause),
    next: 'Correct ATOMIC_AI_PROMPT_FILE, or unset it to record without the prompt.',
    about: { kind: 'wrong-use' },
    cause,
  });

export const keyExists = (name: string, file: string): Fault =>
  new Fault('ATOMIC_KEY_EXISTS', {
    what: `There is a key ${name} already, in ${file}.`,
    why: 'What it has signed can be checked only with it, so it is never overwritten.',
    next: 'Name another with --name, or move the file away.',
    about: { kind: 'conflict' },
  });

export const keyMissing = (file: string): Fault =>
  new Fault('ATOMIC_KEY_MISSING', {
    what: 'There is no key to sign with.',
    why: `${file} is not there.`,
    next: 'Make one with atomic key generate, or name its file with atomic config set sign.key FILE.',
    about: { kind: 'wrong-use' },
  });

export const keyNameWrong = (name: string): Fault =>
  new Fault('ATOMIC_KEY_NAME_WRONG', {
    what: `${JSON.stringify(name)} cannot be the name of a key.`,
    why: 'A name is letters, digits, dots, dashes and underscores, and begins with a letter or a digit.',
    next: 'Choose such a name.',
    about: { kind: 'wrong-use' },
  });

export const patchNotInChannel = (hash: string, channel: string): Fault =>
  new Fault('ATOMIC_PATCH_NOT_IN_CHANNEL', {
    what: `Patch ${hash.slice(0, 8)} is not in channel ${channel}.`,
    why: 'Only what a channel has can be taken back in it.',
    next: 'Look at atomic log, or switch to the channel that has it.',
    about: { kind: 'wrong-use' },
  });

export const tagExists = (name: string): Fault =>
  new Fault('ATOMIC_TAG_EXISTS', {
    what: `There is a tag ${JSON.stringify(name)} already.`,
    why: 'A tag names one set of patches for ever.',
    next: `Choose another name, or delete that one first: atomic tag delete ${name}.`,
    about: { kind: 'conflict' },
  });

export const configurationNowhere = (folder: string): Fault =>
  new Fault('ATOMIC_CONFIGURATION_NOWHERE', {
    what: 'The setting was not changed.',
    why: `${folder} is in no repository, so there is no configuration of one.`,
    next: 'Leave --repository out, or use -C with the folder of the repository.',
    about: { kind: 'wrong-use' },
  });

export const promptUnknown = (typed: string, found: number): Fault =>
  new Fault('ATOMIC_PROMPT_UNKNOWN', {
    what: `No one prompt is meant by ${typed}.`,
    why: found === 0 ? 'No prompt of this repository begins with it.' : `${found} prompts begin with it.`,
    next: 'Look at atomic prompts list.',
    about: { kind: 'not-found' },
  });

export const promptsUnnamed = (): Fault =>
  new Fault('ATOMIC_PROMPTS_UNNAMED', {
    what: 'No prompt was named.',
    why: 'Forgetting needs the beginnings of their names, or --all.',
    next: 'Look at atomic prompts list.',
    about: { kind: 'wrong-use' },
  });

export const tokenMalformed = (said: string): Fault =>
  new Fault('ATOMIC_TOKEN_MALFORMED', {
    what: `${said} is no token.`,
    why: 'A token is one word of letters, digits and the marks of base64, up to 4096 characters.',
    next: 'Copy it again, as one line.',
    about: { kind: 'wrong-use' },
  });
