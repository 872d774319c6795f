// Follows a run of a Tandem server by token and prints one line for each verdict, until the run has ended.

import { tailEvents, type Tail } from 'kernel/protocol';
import { EMPTY_VIEW, foldEvent, type UpgradeView } from 'modernizer/protocol';

interface Following extends Pick<Tail, 'signal' | 'clock'> {
  readonly server: string;
  readonly run: string;
  readonly token: string;
}

export async function followRun(
  { server, run, token, ...rest }: Following,
  print: (line: string) => void,
): Promise<void> {
  const tail: Tail = {
    ...rest,
    url: `${server}/api/runs/${run}/events`,
    after: 0,
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
  };
  let view = EMPTY_VIEW;
  for await (const event of tailEvents(tail)) {
    const before = view;
    view = foldEvent(view, event);
    for (const upgrade of view.upgrades) if (isNews(upgrade, before.upgrades)) print(lineOf(upgrade));
  }
  print(`${view.status}${view.reason === null ? '' : `: ${view.reason}`}`);
}

const isNews = (upgrade: UpgradeView, before: readonly UpgradeView[]): boolean =>
  upgrade.verdict !== null && before.find(({ name }) => name === upgrade.name)?.verdict !== upgrade.verdict;

const lineOf = ({ name, state, from, to, verdict, cause }: UpgradeView): string =>
  `${state.padEnd(7)} ${name} ${from ?? 'none'} → ${to}  ${verdict?.kind}${cause === null ? '' : `: ${cause}`}`;

if (import.meta.main) {
  const [server = 'http://127.0.0.1:4600', run = ''] = process.argv.slice(2);
  const token = process.env['TANDEM_TOKEN'] ?? '';
  await followRun({ server, run, token, signal: new AbortController().signal }, (line) =>
    process.stdout.write(`${line}\n`),
  );
}
