// A page of 50 messages of a chat among a million: by keyset, by the seed's offset, and of a chat with branches.
// The floor is the same range by node:sqlite alone.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { CHAT_MIGRATIONS, historyOf } from 'chat/conversations';
import { openStore, sqliteUrl } from 'kernel/store';

import { inFolder } from './measuring/programs.ts';
import { quantile, report, rounds, timed } from './measuring/report.ts';

const CHATS = 100;
const MESSAGES = 10_000;
const PAGES = rounds(500);

function fill(path: string): void {
  const db = new DatabaseSync(path);
  db.exec('begin');
  const chat = db.prepare(
    `insert into chats values (?, 'me', 'assistant', 't', null, null, null, 'auto', ?, ?, ?, ?, '{}', 0, ?, null)`,
  );
  const message = db.prepare(
    `insert into chat_messages values (?, ?, ?, ?, ?, ?, ?, 'complete', null, null, null, null, null, null, null, 0, null)`,
  );
  for (let number = 0; number < CHATS; number += 1) {
    const id = `chat-${number}`;
    chat.run(id, `${id}-${MESSAGES}`, MESSAGES, MESSAGES + 1, number === 1 ? 1 : 0, number);
    for (let seq = 1; seq <= MESSAGES; seq += 1) {
      const parent = seq === 1 ? null : `${id}-${seq - 1}`;
      message.run(
        id,
        seq,
        `${id}-${seq}`,
        parent,
        seq,
        seq % 2 === 0 ? 'bot' : 'user',
        `Message ${seq}. ${'word '.repeat(30)}`,
      );
    }
  }
  db.exec('commit');
  db.close();
}

await inFolder(async (folder) => {
  const path = join(folder, 'tandem.db');
  const store = await openStore(sqliteUrl(path));
  await store.migrate([CHAT_MIGRATIONS]);
  fill(path);
  const db = store.read<never>() as never as Parameters<typeof historyOf>[0];
  const chats = await db.selectFrom('chats').selectAll().execute();
  const bare = new DatabaseSync(path, { readOnly: true });
  const range = bare.prepare('select * from chat_messages where chat = ? and seq < ? order by seq desc limit 51');
  const random = (turn: number, below: number): number => (turn * 7919) % below;
  const measured = async (page: (turn: number) => unknown): Promise<number[]> => {
    const times: number[] = [];
    for (let turn = 0; turn < PAGES; turn += 1) times.push(await timed(async () => void (await page(turn))));
    return times;
  };
  const line = (turn: number) =>
    chats.filter(({ has_branches }) => has_branches === 0)[random(turn, CHATS - 1)] ?? chats[0];
  const tree = chats.find(({ has_branches }) => has_branches === 1) ?? chats[0];
  if (tree === undefined) throw new Error('no chat');
  const before = (turn: number): number => 100 + random(turn, MESSAGES - 100);
  const floor = await measured((turn) => range.all(`chat-${2 + random(turn, CHATS - 2)}`, before(turn)));
  const keyset = await measured((turn) => historyOf(db, line(turn) ?? tree, { limit: 50, before: before(turn) }));
  const offset = await measured((turn) => historyOf(db, line(turn) ?? tree, { limit: 50, offset: MESSAGES - 100 }));
  const branched = await measured((turn) => historyOf(db, tree, { limit: 50, before: before(turn) }));
  bare.close();
  await store.close();
  const floorName = 'the range by node:sqlite';
  const row = (what: string, times: readonly number[], at: number) => ({
    what,
    value: quantile(times, at),
    floor: quantile(floor, at),
    floorName,
    unit: 'ms' as const,
  });
  report('chat-history', [
    row(`a page of 50 in ${CHATS * MESSAGES} messages, p50`, keyset, 0.5),
    row('the same, p99', keyset, 0.99),
    row('of a chat with branches, p50', branched, 0.5),
    row('by offset, 9,900 messages back, p50', offset, 0.5),
  ]);
});
