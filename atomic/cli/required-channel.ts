// The channel that a command is about.

import { channelUnknown } from '../repository/faults.ts';
import type { Channel, PatchStore } from '../store/store.ts';

/** The current one when nobody named another. Throws ATOMIC_CHANNEL_UNKNOWN. */
export function requiredChannel({ channels }: PatchStore, name = channels.current()): Channel {
  const channel = channels.get(name);
  if (channel !== undefined) return channel;
  throw channelUnknown(
    name,
    channels.list().map((each) => each.name),
  );
}
