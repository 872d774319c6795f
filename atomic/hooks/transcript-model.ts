// Which model is answering, from the end of an agent's transcript (one JSON value on each line).
// Rule: only the end is read, the newest line that names a model wins, and whatever goes wrong is `null`: the model is
// then untold, which is true.

import { agentCalled, type AgentName } from './agents.ts';
import { textAt } from './json-pointer.ts';

/** The last lines of a transcript: an answer with a large file in it fits, and reading it takes a millisecond. */
export const TAIL_BYTES_MAX = 512 * 1024;
const NAME_LENGTH_MAX = 250;

/** Gives at most that many bytes from the end of a file as text, or null when it cannot. */
export type ReadTail = (path: string, bytesMax: number) => string | null;

/** The model that the transcript names last; null: it names none, or it cannot be read. */
export function modelFromTranscript(agent: AgentName, path: string, readTail: ReadTail): string | null {
  const pointers = agentCalled(agent)?.transcriptModel ?? [];
  const lines = (readTail(path, TAIL_BYTES_MAX) ?? '').split('\n');
  for (const line of lines.reverse()) {
    // The first line may be cut off at its beginning, the last at its end.
    const model = line.includes('odel') ? textAt(line.trim(), pointers, NAME_LENGTH_MAX) : null;
    if (model !== null && !model.startsWith('<')) return model;
  }
  return null;
}
