import { Plug, Radio, RefreshCw, Unplug } from 'lucide-react';
import { unreachable } from 'kernel/basics';

import { Chip, type Look } from '../components/chip.tsx';
import { useConnection } from './connection-context.ts';
import type { Connection } from './connection-state.ts';

export function ConnectionBadge() {
  const look = lookOf(useConnection());
  return (
    <div role="status" aria-label="Connection">
      <Chip look={look} className="max-sm:px-1.5" />
    </div>
  );
}

function lookOf(connection: Connection): Look {
  switch (connection.kind) {
    case 'live':
      return { tone: 'good', icon: Radio, word: 'Live' };
    case 'connected':
      return { tone: 'idle', icon: Plug, word: 'Connected' };
    case 'connecting':
      return { tone: 'idle', icon: RefreshCw, word: 'Connecting…' };
    case 'away':
      return { tone: 'warn', icon: Unplug, word: 'Reconnecting…', moving: true };
    default:
      return unreachable(connection);
  }
}
