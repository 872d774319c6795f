// element.js: a page that loads it can use <tandem-chat>.

import { defineTandemChat } from './index.ts';

defineTandemChat();

export { TandemChat } from './index.ts';
