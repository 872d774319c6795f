import { answerUnreadable, serverAway } from './faults.ts';
import { healthOf, Ready, type Health } from '../machine/machine-state.ts';

const PATH = '/api/health/ready';

/** How the server is. "Not well" comes with status 503 and is an answer, not a failure to get one. */
export async function askHealth(signal: AbortSignal): Promise<readonly Health[]> {
  const response = await fetch(PATH, { signal }).catch((cause: unknown) => {
    throw serverAway(cause);
  });
  const ready = Ready.safeParse(await response.json().catch(() => undefined));
  if (!ready.success) throw answerUnreadable(PATH, ready.error.message.slice(0, 300));
  return healthOf(ready.data);
}
