// The places of the workbench: a rail at the left, on a phone a bar at the bottom.

import { Link } from '@tanstack/react-router';
import { Ellipsis, PanelLeft, PanelLeftClose } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';

import { classes } from '../components/classes.ts';
import { Mark } from '../components/mark.tsx';
import { PLACES, PLACES_IN_BAR, placeOf, type Place } from './places.ts';

interface RailFace {
  readonly path: string;
  readonly folded: boolean;
  readonly onFold: () => void;
  /** How many decisions wait. */
  readonly waiting: number;
}

export function Rail({ path, folded, onFold, waiting }: RailFace) {
  const here = placeOf(path);
  return (
    <nav
      aria-label="Places"
      className={classes(
        'fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)]',
        'md:static md:shrink-0 md:border-r md:border-t-0 md:pb-0',
        folded ? 'md:w-16' : 'md:w-56',
      )}
    >
      <div className="md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:p-3">
        <Link
          to="/"
          className="mb-4 hidden h-10 items-center gap-2.5 rounded-lg px-1.5 md:flex"
          aria-label="Tandem, home"
        >
          <Mark className="size-7 shrink-0" />
          {!folded && <span className="text-lg font-semibold tracking-tight">Tandem</span>}
        </Link>
        <ul className="flex md:flex-col md:gap-1">
          {PLACES.map((place, index) => (
            <li key={place.to} className={classes('flex-1 md:block md:flex-none', index >= PLACES_IN_BAR && 'hidden')}>
              <PlaceLink
                place={place}
                isHere={here === place}
                folded={folded}
                count={place.to === '/decisions' ? waiting : 0}
              />
            </li>
          ))}
          <li className="flex-1 md:hidden">
            <MorePlaces here={here} waiting={waiting} />
          </li>
        </ul>
        <button
          type="button"
          onClick={onFold}
          aria-expanded={!folded}
          aria-label={folded ? 'Unfold the rail' : 'Fold the rail'}
          className="mt-auto hidden h-9 items-center gap-3 rounded-lg px-2.5 text-sm text-ink-soft hover:bg-sunken hover:text-ink md:flex"
        >
          {folded ? (
            <PanelLeft aria-hidden className="size-[18px]" />
          ) : (
            <PanelLeftClose aria-hidden className="size-[18px]" />
          )}
          {!folded && <span aria-hidden>Fold the rail</span>}
        </button>
      </div>
    </nav>
  );
}

interface PlaceLinkFace {
  readonly place: Place;
  readonly isHere: boolean;
  readonly folded: boolean;
  readonly count: number;
}

function PlaceLink({ place, isHere, folded, count }: PlaceLinkFace) {
  const Icon = place.icon;
  return (
    <Link
      to={place.to}
      aria-current={isHere ? 'page' : undefined}
      title={folded ? place.label : undefined}
      className={classes(BAR_ITEM, isHere && 'text-accent-text md:bg-accent-soft md:hover:bg-accent-soft')}
    >
      <Icon aria-hidden className="size-5 shrink-0 md:size-[18px]" />
      <span className={classes(folded && 'md:sr-only')}>{place.label}</span>
      <Waiting count={count} />
    </Link>
  );
}

const BAR_ITEM =
  'relative flex h-14 w-full flex-col items-center justify-center gap-0.5 text-xs font-medium text-ink-soft hover:text-ink ' +
  'md:h-9 md:flex-row md:justify-start md:gap-3 md:rounded-lg md:px-2.5 md:text-sm md:hover:bg-sunken';

function Waiting({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span className="numeric absolute left-[calc(50%+8px)] top-1.5 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-[11px] leading-none text-accent-ink md:static md:ml-auto md:h-5 md:min-w-5">
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}

/** On a phone: the places that the bar has no room for. */
function MorePlaces({ here, waiting }: { readonly here: Place | undefined; readonly waiting: number }) {
  const [open, setOpen] = useState(false);
  const places = PLACES.slice(PLACES_IN_BAR);
  const isHere = here !== undefined && places.includes(here);
  const closed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setOpen(false);
  };
  return (
    <div onKeyDown={closed}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls="more-places"
        onClick={() => setOpen(!open)}
        className={classes(BAR_ITEM, (open || isHere) && 'text-accent-text')}
      >
        <Ellipsis aria-hidden className="size-5 shrink-0" />
        More
        <Waiting count={waiting} />
      </button>
      <ul
        id="more-places"
        hidden={!open}
        className="absolute inset-x-2 bottom-[calc(100%+8px)] grid grid-cols-2 gap-1 rounded-xl border bg-surface p-2 shadow-raised [&[hidden]]:hidden"
      >
        {places.map((place) => (
          <li key={place.to}>
            <Link
              to={place.to}
              aria-current={here === place ? 'page' : undefined}
              onClick={() => setOpen(false)}
              className={classes(
                'flex h-11 items-center gap-3 rounded-lg px-3 text-sm font-medium text-ink-soft hover:bg-sunken',
                here === place && 'bg-accent-soft text-accent-text',
              )}
            >
              <place.icon aria-hidden className="size-[18px] shrink-0" />
              {place.label}
              {place.to === '/decisions' && waiting > 0 && (
                <span className="numeric ml-auto text-xs">
                  {waiting}
                  <span className="sr-only"> waiting</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
