import { keepEnterSends } from './enter-preference.ts';

interface EnterChoiceFace {
  readonly sends: boolean;
  readonly onChange: (sends: boolean) => void;
}

/** What a plain Enter does: it sends, or begins a new line. */
export function EnterChoice({ sends, onChange }: EnterChoiceFace) {
  return (
    <button
      type="button"
      aria-pressed={sends}
      aria-label="Enter sends the message"
      onClick={() => {
        keepEnterSends(!sends);
        onChange(!sends);
      }}
      className="hidden h-8 items-center rounded-lg px-2 text-xs text-ink-soft hover:bg-sunken hover:text-ink sm:inline-flex"
    >
      {sends ? 'Enter sends' : 'Ctrl-Enter sends'}
    </button>
  );
}
