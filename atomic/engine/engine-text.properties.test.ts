import fc from 'fast-check';
import { test } from 'vitest';

import {
  arbitraryCase,
  cutsMeanNothing,
  eachByteIsThereOnce,
  equalsOracle,
  orderMeansNothing,
  withdrawalIsInverse,
  type Case,
} from './history-properties.ts';

/** The quick form; `npm run bench` takes 10,000. A failure prints the seed and the path that repeat it. */
const CASES = Number(process.env['CASES'] ?? 60);

const holds = (check: (one: Case) => void): void =>
  fc.assert(fc.property(arbitraryCase, check), { numRuns: CASES, seed: Number(process.env['SEED'] ?? 1) });

test('after every operation the engine gives the layout of the oracle', () => holds(equalsOracle));

test('any order, grouping and repeat of the same patches gives the same text', () => holds(orderMeansNothing));

test('a patch that is taken out leaves the text as if it had never been there', () => holds(withdrawalIsInverse));

test('each alive byte is printed exactly once', () => holds(eachByteIsThereOnce));

test('how the text is cut makes no difference', () => holds(cutsMeanNothing));
