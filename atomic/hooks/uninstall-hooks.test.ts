import { expect, test } from 'vitest';

import { AGENT_NAMES } from './agents.ts';
import { installHooks } from './install-hooks.ts';
import { hasHooks, uninstallHooks } from './uninstall-hooks.ts';

const agents = AGENT_NAMES.filter((name) => name !== 'generic');

test.each(agents)('what was installed for %s into nothing leaves nothing', (agent) => {
  const installed = installHooks(agent, null);
  const text = installed.kind === 'written' ? installed.text : '';
  expect(hasHooks(agent, text)).toBe(true);
  expect(uninstallHooks(agent, text)).toEqual({ kind: 'empty' });
});

test.each(agents)('what a person had in the settings of %s is as it was', (agent) => {
  const own = `${JSON.stringify({ version: 1, theme: 'dark', hooks: { Stop: [{ hooks: [{ command: 'say done' }] }] } }, null, 4)}\n`;
  const installed = installHooks(agent, own);
  const text = installed.kind === 'written' ? installed.text : '';
  expect(uninstallHooks(agent, text)).toEqual({ kind: 'written', text: own });
});

test('settings that are no JSON are left alone', () => {
  expect(uninstallHooks('cursor', '// hello')).toEqual({ kind: 'unreadable', why: 'It is not a JSON object.' });
  expect(uninstallHooks('cursor', '{"hooks":{"stop":[{"command":"say done"}]}}')).toEqual({ kind: 'unchanged' });
});
