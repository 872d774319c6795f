// Projects of which the truth is known: upgrades with planted breakages and interactions. The same number gives the same.

interface PlantedConstraint {
  /** `star`: the first excludes each of the others, which go together. */
  readonly kind: 'breaks' | 'conflict' | 'needs' | 'together' | 'star';
  readonly members: readonly number[];
}

export interface Planted {
  readonly size: number;
  readonly constraints: readonly PlantedConstraint[];
  /** Pairs that declare each other as peers, as half of all interactions do. */
  readonly linked?: readonly (readonly [number, number])[];
}

const SIZE_MIN = 3;
const SIZE_MAX = 12;
const INTERACTIONS: readonly (readonly [PlantedConstraint['kind'], number])[] = [
  ['together', 2],
  ['together', 3],
  ['together', 5],
  ['conflict', 2],
  ['needs', 2],
  ['star', 3],
];

export function plantProject(seed: number): Planted {
  const below = numbersFrom(seed);
  const size = SIZE_MIN + below(SIZE_MAX - SIZE_MIN + 1);
  const free = shuffled(size, below);
  const constraints: PlantedConstraint[] = [];
  const linked: (readonly [number, number])[] = [];
  for (let breaking = below(4); breaking > 0; breaking -= 1) {
    const place = free.pop();
    if (place !== undefined) constraints.push({ kind: 'breaks', members: [place] });
  }
  for (let more = below(3); more > 0; more -= 1) {
    const [kind, count] = INTERACTIONS[below(INTERACTIONS.length)] ?? ['conflict', 2];
    if (free.length < count) continue;
    const members = free.splice(0, count);
    constraints.push({ kind, members });
    if (below(2) === 0)
      for (const one of members) for (const other of members) if (one < other) linked.push([one, other]);
  }
  return { size, constraints, linked };
}

/** Whether a set is green in truth. Plain enough to be copied as text into a project's own test. */
export function plantedGreen({ constraints }: Planted, taken: readonly boolean[]): boolean {
  return constraints.every(({ kind, members }) => {
    const has = members.map((place) => taken[place] === true);
    if (kind === 'breaks') return !has[0];
    if (kind === 'conflict') return !(has[0] && has[1]);
    if (kind === 'needs') return !has[0] || has[1];
    if (kind === 'star') return !(has[0] && (has[1] || has[2]));
    return has.every((each) => each === has[0]);
  });
}

/** The size of the largest green set, by trying every subset. */
export function trueMaximum(planted: Planted): number {
  let maximum = 0;
  for (let mask = 0; mask < 1 << planted.size; mask += 1) {
    const taken = Array.from({ length: planted.size }, (_, place) => (mask & (1 << place)) !== 0);
    if (plantedGreen(planted, taken)) maximum = Math.max(maximum, taken.filter(Boolean).length);
  }
  return maximum;
}

/** Numbers below a limit that look like chance and repeat with the seed (mulberry32). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

function shuffled(size: number, below: (limit: number) => number): number[] {
  const places = [...Array(size).keys()];
  for (let at = size - 1; at > 0; at -= 1) {
    const other = below(at + 1);
    const [one, two] = [places[at] ?? at, places[other] ?? other];
    places[at] = two;
    places[other] = one;
  }
  return places;
}
