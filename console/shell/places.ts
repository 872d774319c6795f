import { Coins, Cpu, Diff, House, Inbox, MessageCircle, Route, Wrench, type LucideIcon } from 'lucide-react';

export interface Place {
  readonly to: '/' | '/chat' | '/modernizer' | '/atomic' | '/decisions' | '/costs' | '/sources' | '/machine';
  readonly label: string;
  readonly icon: LucideIcon;
}

/** The rail, from top to bottom. */
export const PLACES: readonly Place[] = [
  { to: '/', label: 'Home', icon: House },
  { to: '/chat', label: 'Chat', icon: MessageCircle },
  { to: '/modernizer', label: 'Modernizer', icon: Wrench },
  { to: '/atomic', label: 'Atomic', icon: Diff },
  { to: '/decisions', label: 'Decisions', icon: Inbox },
  { to: '/costs', label: 'Costs', icon: Coins },
  { to: '/sources', label: 'Sources', icon: Route },
  { to: '/machine', label: 'Machine', icon: Cpu },
];

/** On a phone the bar has room for so many beside "More". */
export const PLACES_IN_BAR = 4;

/** Pages that are as high as the window and scroll inside: a conversation with its list. */
export const fillsWindow = (path: string): boolean =>
  path === '/chat' || (path.startsWith('/chat/') && path !== '/chat/embeds');

/** The place a path lies in. */
export const placeOf = (path: string): Place | undefined =>
  PLACES.find((place) => (place.to === '/' ? path === '/' : path === place.to || path.startsWith(`${place.to}/`)));

export interface Crumb {
  readonly label: string;
  readonly to: Place['to'] | null;
}

/** Where the person is: the place, and inside it the page's own title. */
export function crumbsOf(path: string, title: string): readonly Crumb[] {
  const place = placeOf(path);
  if (place === undefined) return [{ label: title, to: null }];
  if (path === place.to) return [{ label: place.label, to: null }];
  return [
    { label: place.label, to: place.to },
    { label: title, to: null },
  ];
}
