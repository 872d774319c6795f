// The section [ai] of the settings, for a hook.

import { readAiSettings, type AiSettings } from '../attribution/settings.ts';
import { loadSettings } from '../cli/configuration/settings.ts';

export const hookSettings = (root: string, env: Readonly<Record<string, string | undefined>>): AiSettings =>
  readAiSettings(loadSettings(root, env).section('ai'));
