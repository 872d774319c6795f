// How many cases a property is tried on: few in `npm test`, ten thousand in `npm run bench atomic-properties`.

/** The environment's ATOMIC_CASES, or the quick number. */
export const casesOr = (quick: number): number => Number(process.env['ATOMIC_CASES'] ?? quick);

/** The same cases each time in `npm test`; others in the bench, which names the seed of a failure. */
export const seedOr = (fixed: number): number => Number(process.env['ATOMIC_SEED'] ?? fixed);
