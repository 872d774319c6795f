import { openText } from './engine-text.ts';
import type { TextFacts, History } from '../patches/facts.ts';
const E = { deletes: [], undeletes: [], orders: [], unorders: [], acknowledges: [] };
const W = 50;
const n = Number(process.argv[2] ?? 10000);
const all: TextFacts[] = [
  { patch: 0, ...E, inserts: [{ start: 0, end: n * W, up: [], down: [], replaces: [], origins: [] }] },
];
for (let i = 0; i < n; i++) {
  const r = { patch: 0, start: i * W, end: i * W + W };
  all.push({
    patch: i + 1,
    ...E,
    deletes: [r],
    inserts: [
      {
        start: 0,
        end: W,
        up: i ? [{ patch: 0, offset: i * W - 1 }] : [],
        down: [{ patch: 0, offset: i * W }],
        replaces: [r],
        origins: [],
      },
    ],
  });
}
const history: History = { compare: (a, b) => a - b, knows: (d, o) => o === 0, text: () => new Uint8Array() };
const policy = { adjacent: 'clean', identical: 'collapse' } as const;
const t = performance.now();
const e = openText(all, history, policy);
const t2 = performance.now();
e.isClean;
const t3 = performance.now();
e.runs();
console.log(
  'cold open',
  (t2 - t).toFixed(1),
  'settle',
  (t3 - t2).toFixed(1),
  'runs',
  (performance.now() - t3).toFixed(1),
);
