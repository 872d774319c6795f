interface ProgressFace {
  readonly label: string;
  readonly done: number;
  readonly expected: number;
}

/** How much is done of what is expected. Expectations may grow; the bar never passes its end. */
export function ProgressBar({ label, done, expected }: ProgressFace) {
  const share = expected <= 0 ? 0 : Math.min(1, done / expected);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-500"
        style={{ width: `${Math.max(share * 100, 3)}%` }}
      />
    </div>
  );
}
