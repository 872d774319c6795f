// Old projects of the registry that carry their tests: a newcomer's first runs.

import type { Sample } from './protocol/index.ts';

export const SAMPLES: readonly Sample[] = [
  {
    spec: 'csv-write-stream@2.0.0',
    title: 'csv-write-stream, from 2016',
    expect: 'Five major upgrades, all green at once.',
    minutes: 2,
  },
  {
    spec: 'passport-jwt@4.0.0',
    title: 'passport-jwt, from 2018',
    expect: 'Two upgrades hold, three break its tests, each with its cause.',
    minutes: 4,
  },
  {
    spec: 'jsonwebtoken@5.7.0',
    title: 'jsonwebtoken, from 2016',
    expect: 'One of its tests wavers: watch the verdicts stay right all the same.',
    minutes: 4,
  },
  {
    spec: 'changelog-parser@2.8.0',
    title: 'changelog-parser, from 2019',
    expect: 'A step from 0.2 to 0.4 that breaks like a major one.',
    minutes: 5,
  },
];
