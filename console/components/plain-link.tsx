// A link to a place inside the console that the server named, such as a need's `href`.
// Rule: only paths of our own; whatever else a server might send is shown as text.

import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface PlainLinkFace {
  readonly href: string | null;
  readonly className?: string;
  readonly children: ReactNode;
}

export const isOwnPath = (href: string): boolean => /^\/(?![/\\])/.test(href);

export function PlainLink({ href, className, children }: PlainLinkFace) {
  const router = useRouter();
  if (href === null || !isOwnPath(href)) return <div className={className}>{children}</div>;
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(href);
  };
  return (
    <a href={href} className={className} data-row="" onClick={follow}>
      {children}
    </a>
  );
}
