import { Drawer } from '../components/drawer.tsx';
import { ChatPanel } from './panel.tsx';

interface SidePanelFace {
  readonly isWide: boolean;
  readonly onClose: () => void;
}

/** What belongs to the conversation: beside it where there is room, elsewhere a drawer over it. */
export function SidePanel({ isWide, onClose }: SidePanelFace) {
  if (isWide) {
    return (
      <aside aria-label="About this chat" className="w-80 shrink-0 overflow-y-auto border-l bg-surface">
        <ChatPanel />
      </aside>
    );
  }
  return (
    <Drawer
      open
      title="About this chat"
      description="Who you are in it, where it takes place, and who answers."
      onClose={onClose}
    >
      <div className="min-h-0 flex-1 overflow-y-auto">
        <ChatPanel />
      </div>
    </Drawer>
  );
}
