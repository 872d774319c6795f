const ROWS = ['w-2/5', 'w-full', 'w-full', 'w-3/4'];

export function Skeleton({ label }: { readonly label: string }) {
  return (
    <div role="status" className="space-y-4 rounded-xl border bg-surface p-5 shadow-card">
      <span className="sr-only">{label}</span>
      {ROWS.map((width, row) => (
        <div key={row} aria-hidden className={`h-4 animate-shimmer rounded bg-sunken ${width}`} />
      ))}
    </div>
  );
}
