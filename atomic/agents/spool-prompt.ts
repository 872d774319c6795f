// A prompt as it may be kept: its name under the repository's key, and of its words what the privacy level allows.
// Rule: without `ai.track_prompts` only the name is kept, and from that nobody learns the words.

import { randomBytes } from 'node:crypto';

import { keepPrompt, PROMPT_LENGTH_MAX } from '../attribution/prompts.ts';
import type { PrivacyLevel } from '../attribution/attribution.ts';
import { promptKey } from '../repository/prompt-key.ts';
import type { SpooledPrompt } from './spool-entry.ts';

export function spoolPrompt(root: string, level: PrivacyLevel, text: string): SpooledPrompt {
  const {
    hash,
    level: kept,
    body,
  } = keepPrompt(promptKey({ root }, randomBytes), level, text.slice(0, PROMPT_LENGTH_MAX), randomBytes);
  return { hash, level: kept, body: body === null ? null : Buffer.from(body) };
}
