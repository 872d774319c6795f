export function Kbd({ children }: { readonly children: string }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded border border-line-strong bg-sunken px-1 font-mono text-[11px] leading-none text-ink-soft">
      {children}
    </kbd>
  );
}
