// What a suite asked for that no trial has: a service, the network, containers, a browser. From what it printed. Pure.
// Rule: only what stands where failures are told counts, and only when it explains at least half of them: a test of
// refused connections prints the same words and is green, and a project that is broken stays broken.

import type { TestCounts } from '../protocol/index.ts';
import { withoutAnsi } from './read-tests.ts';

export interface UnmetNeed {
  /** Such as `PostgreSQL at 127.0.0.1:5432`. */
  readonly what: string;
  /** The words that say so, as printed. */
  readonly evidence: string;
}

/** What usually listens at a port. */
const SERVICES: Readonly<Record<string, string>> = {
  '1433': 'SQL Server',
  '1521': 'Oracle',
  '2181': 'ZooKeeper',
  '2379': 'etcd',
  '3306': 'MySQL',
  '4222': 'NATS',
  '4566': 'LocalStack',
  '5432': 'PostgreSQL',
  '5672': 'RabbitMQ',
  '6379': 'Redis',
  '8500': 'Consul',
  '9000': 'an object store',
  '9042': 'Cassandra',
  '9092': 'Kafka',
  '9200': 'Elasticsearch',
  '11211': 'Memcached',
  '27017': 'MongoDB',
};

interface Sign {
  readonly pattern: RegExp;
  need(match: RegExpExecArray): string;
}

const SIGNS: readonly Sign[] = [
  {
    pattern: /(?:connect )?ECONNREFUSED[ (]+(?:::1|127\.0\.0\.1|localhost|0\.0\.0\.0)[: ](\d{2,5})\b/g,
    need: ([, port = '']) => `${SERVICES[port] ?? 'a service'} at port ${port}`,
  },
  {
    pattern: /(?:EAI_AGAIN|ENOTFOUND)[ ,:'"]+([a-z0-9][\w.-]*[a-z0-9])/gi,
    need: ([, host = '']) => `the network (${host})`,
  },
  { pattern: /(?:ENETUNREACH|EHOSTUNREACH) ([\d.:a-f]+)/g, need: ([, host = '']) => `the network (${host})` },
  {
    pattern:
      /Could not find a working container runtime|Cannot connect to the Docker daemon|ENOENT \/var\/run\/docker\.sock|docker: (?:command )?not found/g,
    need: () => 'containers',
  },
  {
    pattern:
      /Could not find (?:Chrome|Chromium|browser)|Failed to launch the browser process|Executable doesn't exist at \S*(?:chrom|firefox|webkit)|browserType\.launch:/g,
    need: () => 'a browser',
  },
  { pattern: /MongooseServerSelectionError|MongoServerSelectionError/g, need: () => 'MongoDB' },
];

const EVIDENCE_LENGTH_MAX = 160;
const NEEDS_MAX = 3;
/** Where each runner begins to tell what failed. */
const FAILURES = /^(?:\s*\d+ failing\b|\s*● |not ok |\s*✖ failing tests:|\s*[✖✘] |\s*FAIL\b|Failures:)/m;

/** What a red run needed, the most frequent first; none when its failures have other reasons. */
export function unmetNeeds(output: string, tests: TestCounts): readonly UnmetNeed[] {
  const text = withoutAnsi(output);
  const begin = tests.runner === 'exit-code' ? 0 : text.search(FAILURES);
  const told = text.slice(Math.max(0, begin));
  const found = new Map<string, { readonly evidence: string; count: number }>();
  let signs = 0;
  for (const { pattern, need } of SIGNS) {
    for (const match of told.matchAll(pattern)) {
      const what = need(match);
      signs += 1;
      const known = found.get(what) ?? { evidence: lineAt(told, match.index), count: 0 };
      known.count += 1;
      found.set(what, known);
    }
  }
  if (signs === 0 || signs * 2 < tests.failed) return [];
  return [...found]
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, NEEDS_MAX)
    .map(([what, { evidence }]) => ({ what, evidence }));
}

function lineAt(text: string, index: number): string {
  const line = text.slice(text.lastIndexOf('\n', index) + 1).split('\n')[0] ?? '';
  return line.trim().slice(0, EVIDENCE_LENGTH_MAX);
}

/** What a person is told about a suite that needs what no trial has. */
export function needsSentence(command: string, needs: readonly UnmetNeed[]): string {
  const whats = needs.map(({ what }) => what).join(' and ');
  return `${command} needs ${whats}, which no trial has: it printed “${needs[0]?.evidence ?? ''}”.`;
}
