// What `npm start`, `npm test` and the other scripts call: installs what the lockfile names if it is not there,
// then runs the command on the pinned Node. Valid on Node 20, without any dependency: a fresh machine has no other.
// npm's own pre-scripts are not used, since they are skipped where `ignore-scripts` is set.

import { COMMANDS } from './commands.mjs';
import { ensureInstalled } from './install.mjs';
import { Stop } from './stop.mjs';

const [name = '', ...args] = process.argv.slice(2);

try {
  const command = COMMANDS[name];
  if (command === undefined) {
    throw new Stop(
      `There is no command ${JSON.stringify(name)}.`,
      `The commands are: ${Object.keys(COMMANDS).join(', ')}.`,
      'Run npm start, or npm test.',
      2,
    );
  }
  await ensureInstalled();
  process.exitCode = await command.run(args);
} catch (thrown) {
  if (!(thrown instanceof Stop)) throw thrown;
  process.stderr.write(`\n${thrown.message}\n`);
  process.exitCode = thrown.exitCode;
}
