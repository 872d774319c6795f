// tandem serve: the server, until somebody ends it. tandem work: the same work without the server.

import { EXIT, type ExitCode } from 'kernel/terminal';
import { createMetrics } from 'kernel/telemetry';

import { openProductDeps } from '../product-deps.ts';
import { openProducts, resume, startServer } from '../server/serve.ts';
import type { Shell } from './shell.ts';

export async function serve(shell: Shell, flags: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const configuration = shell.configuration(flags);
  const server = await startServer(configuration, shell.log(configuration));
  try {
    for (const note of configuration.notes) shell.terminal.note(note);
    const signIn = await server.newSignInUrl();
    shell.terminal.document({ url: server.url, signIn }, { givesSecret: true });
    // Other programs wait for this line: it is the last one printed, and its shape is a promise.
    shell.terminal.say(`Tandem is ready at ${server.url}  (sign in: ${signIn})`, { givesSecret: true });
    await ended(shell.ending);
  } finally {
    await server.close();
  }
  return EXIT.done;
}

export async function workOn(shell: Shell): Promise<ExitCode> {
  const configuration = shell.configuration();
  const log = shell.log(configuration);
  return shell.withWorkbench(configuration, async (workbench) => {
    const closing = new AbortController();
    const deps = await openProductDeps({
      workbench,
      configuration,
      log,
      metrics: createMetrics(),
      closing: closing.signal,
    });
    const products = await openProducts(deps);
    await resume(workbench, products, log);
    shell.terminal.note('Tandem works. End it with Ctrl-C: what is unfinished is continued at the next start.');
    await ended(shell.ending);
    closing.abort();
    await Promise.all(products.map((product) => product.close()));
    await deps.answering.close();
    return EXIT.done;
  });
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    // An abort signal keeps no process alive by itself; a server does, and without one this timer must.
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
