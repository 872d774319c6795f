// The text of .env.example, written from the settings so that it cannot be out of date.

import * as z from 'zod/mini';

import { SETTING_NOTES, Settings } from './schema.ts';

const HEAD = `# Settings of Tandem. Copy this file to .env and uncomment what you want to change.
# A flag wins over the environment, that over this file, that over tandem.config.json.
# tandem config shows every setting and where it comes from.
`;

export function envExample(): string {
  const defaults: Readonly<Record<string, unknown>> = z.parse(Settings, {});
  const blocks = Object.entries(SETTING_NOTES).map(([key, { env, help, example }]) => {
    const value = defaults[key] === undefined ? (example ?? '') : String(defaults[key]);
    return `# ${help}\n# ${env}=${value}\n`;
  });
  return [HEAD, ...blocks].join('\n');
}
