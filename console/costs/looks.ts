import { CircleCheck, CircleDashed, CircleSlash, CircleX, Scissors } from 'lucide-react';
import type { CostLine } from 'tandem/protocol';

import type { Look } from '../components/chip.tsx';

const OUTCOMES: Readonly<Record<CostLine['outcome'], Look>> = {
  open: { tone: 'info', icon: CircleDashed, word: 'under way', moving: true },
  ok: { tone: 'good', icon: CircleCheck, word: 'whole' },
  cut: { tone: 'warn', icon: Scissors, word: 'cut' },
  failed: { tone: 'bad', icon: CircleX, word: 'failed' },
  lost: { tone: 'bad', icon: CircleSlash, word: 'lost' },
};

export const outcomeLook = (outcome: CostLine['outcome']): Look => OUTCOMES[outcome];
