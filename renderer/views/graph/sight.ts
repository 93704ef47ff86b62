import { createContext, useContext } from 'react';

/** How near one looks: `near` shows everything, `far` name and state, `speck` leaves the cards to a drawing. */
export type Sight = 'near' | 'far' | 'speck';

/** Below this the cards show colour, name and state only. */
const FAR = 0.5;
/** Below this a name is three pixels high. */
const SPECK = 0.3;
/** A smaller plan keeps its cards: they cost little, and can be taken hold of. */
const MANY = 60;

/** How near a zoom is. */
export function nearnessOf(zoom: number): Sight {
  if (zoom < SPECK) return 'speck';
  return zoom < FAR ? 'far' : 'near';
}

/** How so many cards are shown from there, while something is dragged to one or not. */
export function sightOf(nearness: Sight, cards: number, dragging: boolean): Sight {
  return nearness === 'speck' && (cards <= MANY || dragging) ? 'far' : nearness;
}

const Nearness = createContext<Sight>('near');

/** Tells the cards below how near one looks. */
export const SightProvider = Nearness.Provider;

/** How near one looks at the card that asks. */
export const useSight = (): Sight => useContext(Nearness);
