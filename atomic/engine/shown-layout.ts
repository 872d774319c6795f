// A layout on one line, for tests: `2[0,4)` is a run, `~5` after it who contests it, `{a=b}` twins, `<a|b>` an order
// conflict, `(a,b)` a cyclic one.

import type { Item, Run } from '../patches/layout.ts';

export function shownLayout(items: readonly Item[]): string {
  return items
    .map((item) => {
      switch (item.kind) {
        case 'text':
          return shownRun(item.run);
        case 'twins':
          return `{${item.sides.map((side) => side.map(shownRun).join(' ')).join('=')}}`;
        case 'cyclic':
          return `(${item.members.map(shownRun).join(',')})`;
        case 'order':
          return `<${item.sides.map(shownLayout).join('|')}>`;
      }
    })
    .join(' ');
}

const shownRun = ({ patch, start, end, contestedBy }: Run): string =>
  `${patch}[${start},${end})${contestedBy.length > 0 ? `~${contestedBy.join('~')}` : ''}`;
