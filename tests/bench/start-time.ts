// How long a second start takes, from the process to the line that says it is ready: the server itself, and `npm start`.
// The floor is a Node that does nothing, started in turns with them.

import { outputOf, inFolder, ROOT, timeUntilSaid } from './measuring/programs.ts';
import { note, quantile, report, rounds, timed } from './measuring/report.ts';

const READY = 'Tandem is ready at';
const RUNS = rounds(5);

await inFolder(async (home) => {
  const env = { TANDEM_HOME: home, TANDEM_PORT: '0' };
  const server = () => timeUntilSaid(READY, [process.execPath, 'workbench/main.ts', 'serve'], { cwd: ROOT, env });
  const npmStart = () => timeUntilSaid(READY, ['npm', 'start'], { cwd: ROOT, env });
  const idle = () => timed(() => outputOf([process.execPath, '-e', '0']));
  note('the first start, which makes the database and may build the console …');
  await npmStart();
  const times: { server: number; npmStart: number; idle: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    times.push({ idle: await idle(), server: await server(), npmStart: await npmStart() });
  }
  const of = (name: 'server' | 'npmStart' | 'idle') => quantile(times.map((each) => each[name]));
  const floor = { floor: of('idle'), floorName: 'node -e 0', unit: 'ms' } as const;
  report('start-time', [
    { what: `the server is ready (median of ${RUNS})`, value: of('server'), ...floor },
    { what: `npm start is ready (median of ${RUNS})`, value: of('npmStart'), ...floor },
  ]);
});
