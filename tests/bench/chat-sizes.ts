// How large what Chat gives to browsers is, as it travels: minified and compressed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { buildChat, isChatFresh } from '../../scripts/build-chat.mjs';
import { ROOT } from './measuring/programs.ts';
import { report } from './measuring/report.ts';

const WHAT = {
  'sdk.js': 'headless SDK',
  'element.js': 'element <tandem-chat>',
  'frame.js': 'page of the frame',
  'embed.js': 'loader for other pages',
};

if (!isChatFresh()) await buildChat();
const rows = Object.entries(WHAT).map(([file, what]) => ({
  what: `${what} (${file}, gzip -9)`,
  value: gzipSync(readFileSync(join(ROOT, '.build/chat', file)), { level: 9 }).length,
  unit: 'bytes' as const,
}));
report('chat-sizes', rows);
