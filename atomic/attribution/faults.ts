// The faults of attribution: bytes that cannot be what they claim, and statements that make no sense.
// Not here: what a caller handles (an expression with a mistake, an unknown model outside strict mode) is returned.

import { Fault } from 'kernel/basics';

export const attributionMalformed = (why: string): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_MALFORMED', {
    what: 'An attribution cannot be read.',
    why,
    next: 'Fetch the patch with its attribution again; if it is your own, run `atomic doctor`, which names the patch.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors: [why] },
  });

export const attributionOfLaterForm = (version: number): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_TOO_NEW', {
    what: `An attribution is written in form ${version}.`,
    why: 'This version of Atomic reads form 1 only.',
    next: 'Install a later version of Atomic. Until then the patch works, and its author shows as untracked.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors: [] },
  });

export const attributionTooLarge = (what: string, limit: number): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_TOO_LARGE', {
    what: `The attribution of a patch cannot be written: ${what} is too long.`,
    why: `The limit is ${limit} bytes, so that attribution stays small beside the patch it belongs to.`,
    next: 'Shorten it, or record fewer files at once.',
    about: { kind: 'wrong-use' },
  });

export const aiModelUnknown = (said: string, model: string, nearest: readonly string[]): Fault =>
  new Fault('ATOMIC_AI_MODEL_UNKNOWN', {
    what: `${said} names ${model}, which is not in the registry of models.`,
    why: 'The setting `ai.strict` is on, so only models that are known by name are recorded.',
    next:
      nearest.length === 0
        ? 'Add the model to `.atomic/providers.toml`, or turn `ai.strict` off.'
        : `Did you mean ${nearest.join(', ')}? Otherwise add it to \`.atomic/providers.toml\`.`,
    about: { kind: 'wrong-use' },
  });

export const providersFileWrong = (errors: readonly string[]): Fault =>
  new Fault('ATOMIC_PROVIDERS_FILE_WRONG', {
    what: 'The file `.atomic/providers.toml` cannot be used.',
    why: `It has a mistake: ${errors.join('; ')}.`,
    next: 'Write tables such as `[provider.acme.models."acme-coder"]` with `aliases = [...]`.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors },
  });

/** `said`: the flag, variable or setting, such as `ATOMIC_AI_CONFIDENCE`. */
export const aiValueWrong = (said: string, value: string, allowed: string): Fault =>
  new Fault('ATOMIC_AI_VALUE_WRONG', {
    what: `${said} is ${JSON.stringify(value)}, which it cannot be.`,
    why: `It takes ${allowed}.`,
    next: `Correct ${said}, or leave it out.`,
    about: { kind: 'wrong-use' },
  });

export const aiFlagsContradict = (flag: string): Fault =>
  new Fault('ATOMIC_AI_FLAGS_CONTRADICT', {
    what: `The options --no-ai-assisted and ${flag} contradict each other.`,
    why: 'The first says that no AI took part, the second says which one did.',
    next: 'Leave one of them out.',
    about: { kind: 'wrong-use' },
  });

export const aiModelMissing = (said: string): Fault =>
  new Fault('ATOMIC_AI_MODEL_MISSING', {
    what: `${said} says that an AI took part, and nothing says which one.`,
    why: 'An AI’s patch names its provider at least; no agent is at work here that could be asked.',
    next: 'Add --ai-provider and --ai-model, set ATOMIC_AI_PROVIDER and ATOMIC_AI_MODEL, or `provider` and `model` under `[ai]`.',
    about: { kind: 'wrong-use' },
  });

export const settingsWrong = (section: string, errors: readonly string[]): Fault =>
  new Fault('ATOMIC_SETTINGS_WRONG', {
    what: `The section [${section}] of the configuration cannot be used.`,
    why: `It has a mistake: ${errors.join('; ')}.`,
    next: 'Correct it in the file that `atomic config` names.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors },
  });

/** `marked`: the expression with a mark under the mistake (mistakeText). */
export const whereWrong = (expression: string, expected: string, marked: string): Fault =>
  new Fault('ATOMIC_WHERE_WRONG', {
    what: `The expression ${JSON.stringify(expression)} cannot be understood.`,
    why: `It stops making sense where ${expected} was expected.\n${marked}`,
    next: "Write for example --where 'ai.model=claude-sonnet-4-5 and file=src/**'.",
    about: { kind: 'wrong-use' },
  });

/** Says nothing of the key itself. */
export const keyMalformed = (kind: 'public' | 'secret', why: string): Fault =>
  new Fault('ATOMIC_KEY_MALFORMED', {
    what: `A ${kind} key cannot be read.`,
    why,
    next: 'Make another with `atomic key generate`, or copy it again as one line.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors: [why] },
  });

export const reviewMalformed = (why: string): Fault =>
  new Fault('ATOMIC_REVIEW_MALFORMED', {
    what: 'A review cannot be read.',
    why,
    next: 'Fetch it again; a review that was cut off or changed counts for nothing.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors: [why] },
  });

export const promptTooLong = (length: number, limit: number): Fault =>
  new Fault('ATOMIC_PROMPT_TOO_LONG', {
    what: `A prompt of ${length} characters is not kept.`,
    why: `The limit is ${limit} characters, which is more than models take at once.`,
    next: 'Give a shorter file in ATOMIC_AI_PROMPT_FILE, or record without the prompt.',
    about: { kind: 'limit', retryAfterMs: null },
  });
