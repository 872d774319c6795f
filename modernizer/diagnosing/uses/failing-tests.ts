// Finds where the tests that fail stand in the project's files, by their titles. Pure.
// Rule: a title that stands in several places is found nowhere: which of them failed nobody knows.

import { ts } from 'ts-morph';

import { isSource } from './project-uses.ts';

export interface TestPlace {
  readonly file: string;
  /** First and last line. */
  readonly lines: readonly [number, number];
}

/** Suites of thousands fail by thousands; the first ones tell. */
const TESTS_MAX = 20;
const TITLE_LENGTH_MIN = 4;
const DECLARES = /\b(?:it|test|describe|context|suite|specify|tape|t\.test)\b/;

export function failingTests(texts: ReadonlyMap<string, string>, failing: readonly string[]): readonly TestPlace[] {
  if (failing.length === 0) return [];
  const titled = [...texts].flatMap(([path, text]) =>
    isSource(path) && DECLARES.test(text) ? titledIn(path, text) : [],
  );
  return failing.slice(0, TESTS_MAX).flatMap((name) => {
    const wanted = name.replace(/ "(?:before|after)[^"]*" hook.*$/, '').trim();
    const fitting = titled.filter(({ title }) => wanted === title || wanted.endsWith(` ${title}`));
    const longest = Math.max(0, ...fitting.map(({ title }) => title.length));
    const best = fitting.filter(({ title }) => title.length === longest);
    return best.length === 1 ? best.map(({ place }) => place) : [];
  });
}

interface Titled {
  readonly title: string;
  readonly place: TestPlace;
}

function titledIn(path: string, text: string): readonly Titled[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const titled: Titled[] = [];
  const visit = (node: ts.Node): void => {
    const [title, body] = ts.isCallExpression(node) ? node.arguments : [];
    if (ts.isCallExpression(node) && title !== undefined && body !== undefined && ts.isStringLiteralLike(title)) {
      const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;
      const lines = [lineOf(node.getStart(file)), lineOf(node.getEnd())] as const;
      if (title.text.length >= TITLE_LENGTH_MIN)
        titled.push({ title: title.text.trim(), place: { file: path, lines } });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titled;
}
