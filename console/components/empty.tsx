import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyFace {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
}

/** Nothing here yet: says so kindly, and what would put something here. */
export function Empty({ icon: Icon, title, children }: EmptyFace) {
  return (
    <div className="flex flex-col items-center rounded-xl border border-dashed border-line-strong px-6 py-12 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-accent-soft text-accent-text">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="mt-4 text-lg font-semibold">{title}</h2>
      <div className="mt-1 max-w-md text-ink-soft">{children}</div>
    </div>
  );
}
