/** Two wheels and the bar between them: the mark of Tandem. */
export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <circle cx="11.5" cy="18" r="5.6" />
        <circle cx="20.5" cy="18" r="5.6" />
        <path d="M11.5 8.5h9" />
      </g>
    </svg>
  );
}
