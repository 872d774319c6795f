import { test } from 'vitest';

import { casesOr, seedOr } from '../patches/cases.ts';
import {
  checkHistories,
  cutsMeanNothing,
  eachByteIsThereOnce,
  equalsOracle,
  orderMeansNothing,
  withdrawalIsInverse,
} from './history-properties.ts';

/** The quick form, always the same cases; the bench checks 10,000 of other seeds. */
const QUICK = { cases: casesOr(40), seed: seedOr(1) };

test('after every operation the engine gives the layout of the oracle', () => checkHistories(equalsOracle, QUICK));

test('any order, grouping and repeat of patches gives one text', () => checkHistories(orderMeansNothing, QUICK));

test('a patch that is taken out leaves no trace', () => checkHistories(withdrawalIsInverse, QUICK));

test('each alive byte is in the layout exactly once', () => checkHistories(eachByteIsThereOnce, QUICK));

test('how the text is cut makes no difference', () => checkHistories(cutsMeanNothing, QUICK));
