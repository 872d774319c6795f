// tandem link: another one-time way in, beside a running server or before one is started.

import { EXIT, type ExitCode } from 'kernel/terminal';

import { createPeople } from '../people/people.ts';
import { runningServer } from '../server/home-lock.ts';
import { urlOf } from '../server/listen.ts';
import { signInUrl } from '../server/serve.ts';
import type { Shell } from './shell.ts';

export async function link(shell: Shell): Promise<ExitCode> {
  const configuration = shell.configuration();
  return shell.withWorkbench(configuration, async ({ store, secret }) => {
    const people = createPeople({ store, secret, isHttps: false });
    await people.ensureOwner();
    const running = runningServer(configuration.home);
    const url = running ?? configuration.url ?? urlOf(configuration.host, configuration.port);
    const signIn = await signInUrl(people, url);
    shell.terminal.document({ signIn, running: running !== undefined, minutes: 10 }, { givesSecret: true });
    shell.terminal.say(signIn, { givesSecret: true });
    shell.terminal.note(
      running === undefined
        ? 'No server runs in this home yet: start one with npm start, then open the link. It is good for one use within 10 minutes.'
        : 'It is good for one use within 10 minutes.',
    );
    return EXIT.done;
  });
}
