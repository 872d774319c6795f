import { openText } from './engine-text.ts';
import type { TextFacts, History } from '../patches/facts.ts';
const E = { deletes: [], undeletes: [], orders: [], unorders: [], acknowledges: [] };
let seed = 7;
const rnd = (n: number) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >>> 8) % n;
};
const shuffle = <T>(a: T[]) => {
  for (let i = a.length - 1; i > 0; i--) {
    const j = rnd(i + 1);
    [a[i], a[j]] = [a[j]!, a[i]!];
  }
  return a;
};
const W = 50;
function world(n: number): TextFacts[] {
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
  return all;
}
const buf = Buffer.alloc(1_000_000, 97);
const history: History = {
  compare: (a, b) => a - b,
  knows: (d, o) => o === 0,
  text: ({ patch, start, end }) => {
    const b = Buffer.from(buf.subarray(start, end));
    b.writeInt32LE(patch);
    return b;
  },
};
const policy = { adjacent: 'clean', identical: 'collapse' } as const;
const time = (name: string, f: () => void) => {
  const t = performance.now();
  f();
  const d = performance.now() - t;
  console.log(name.padEnd(50), d.toFixed(2), 'ms');
  return d;
};
for (const round of [1, 2])
  for (const n of [10_000, 20_000, 40_000]) {
    console.log('--- n', n, 'round', round);
    const all = world(n);
    const patches = shuffle(all.slice(1));
    const m: Record<string, number> = {};
    let e = openText([all[0]!], history, policy);
    e.isClean;
    time('apply one by one in random order', () => {
      for (const f of patches) {
        const k = e.apply(f);
        m[k] = (m[k] ?? 0) + 1;
      }
    });
    console.log(m);
    let fresh = e;
    time('openText of all', () => {
      fresh = openText(all, history, policy);
    });
    time('  first isClean', () => fresh.isClean);
    time('  runs', () => fresh.runs());
    time('  layout', () => fresh.layout);
    if (round === 1 && n === 10_000)
      console.log('same', JSON.stringify(e.layout) === JSON.stringify(fresh.layout), e.size);
    let c = e;
    time('copy', () => {
      c = e.copy();
    });
    time('  first change of copy', () => {
      c.withdraw(all[5]!);
    });
    time('withdraw oldest', () => {
      console.log(c.withdraw(all[1]!));
    });
    time('withdraw middle', () => {
      console.log(c.withdraw(all[n / 2]!));
    });
    time('10k runsAt', () => {
      for (let i = 0; i < 10_000; i++) e.runsAt(rnd(e.size), rnd(100) + i);
    });
    time('withdraw all, random order', () => {
      const m: Record<string, number> = {};
      for (const f of patches) {
        const k = e.withdraw(f);
        m[k] = (m[k] ?? 0) + 1;
      }
      console.log(m);
    });
  }
{
  // hot line: 10k versions of one line
  for (const n of [5000, 10_000, 20_000]) {
    const all = [
      { patch: 0, ...E, inserts: [{ start: 0, end: 30, up: [], down: [], replaces: [], origins: [] }] },
    ] as TextFacts[];
    for (let i = 1; i <= n; i++) {
      const r = i === 1 ? { patch: 0, start: 10, end: 20 } : { patch: i - 1, start: 0, end: 10 };
      all.push({
        patch: i,
        ...E,
        deletes: [r],
        inserts: [
          {
            start: 0,
            end: 10,
            up: [{ patch: 0, offset: 9 }],
            down: [{ patch: r.patch, offset: r.start }],
            replaces: [r],
            origins: [],
          },
        ],
      });
    }
    const h = { ...history, knows: (d: number, o: number) => o < d };
    const m: Record<string, number> = {};
    const e = openText([all[0]!], h, policy);
    e.isClean;
    time(`hot line ${n} applies`, () => {
      for (const f of all.slice(1)) {
        const k = e.apply(f);
        m[k] = (m[k] ?? 0) + 1;
      }
    });
    console.log(m);
    time(`hot line ${n} withdraw last 1000`, () => {
      const m: Record<string, number> = {};
      for (const f of all.slice(-1000).reverse()) {
        const k = e.withdraw(f);
        m[k] = (m[k] ?? 0) + 1;
      }
      console.log(m);
    });
    time(`hot line open ${n}`, () => openText(all, h, policy).isClean);
  }
}
for (const n of [750, 1500, 3000]) {
  const all = world(3);
  const conc = Array.from({ length: n }, (_, i) => ({ ...all[2]!, patch: i + 10 }));
  const e = openText([all[0]!, ...conc], history, policy);
  time(`conflict of ${n} sides`, () => e.layout);
  const x = e.layout.find((i) => i.kind === 'order');
  console.log(x?.kind === 'order' && x.sides.length);
  const g = openText([all[0]!, ...conc], { ...history, text: ({ start, end }) => buf.subarray(start, end) }, policy);
  time(`  twins of ${n} sides`, () => g.layout);
}
{
  const n = 20_000;
  const all: TextFacts[] = [
    { patch: 0, ...E, inserts: [{ start: 0, end: 10, up: [], down: [], replaces: [], origins: [] }] },
  ];
  for (let i = 1; i <= n; i++)
    all.push({
      patch: i,
      ...E,
      inserts: [{ start: 0, end: 10, up: [{ patch: i - 1, offset: 9 }], down: [], replaces: [], origins: [] }],
    });
  const e = openText([], history, policy);
  e.isClean;
  time('append at end 20k', () => {
    for (const f of all) e.apply(f);
  });
  time(' layout', () => e.layout);
  console.log(e.isClean);
}
