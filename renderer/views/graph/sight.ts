import { createContext, useContext } from 'react';

/** How near one looks: `near` shows everything, `far` name and state, `speck` leaves the cards to a drawing. */
export type Sight = 'near' | 'far' | 'speck';

/** Below this the cards show colour, name and state only. */
const FAR = 0.5;
/** Below this a name is three pixels high. */
const SPECK = 0.3;
/** A smaller plan keeps its cards: they cost little, and can be taken hold of. */
const MANY = 60;

/** How cards are shown at a zoom, so many of them, while something is dragged to one or not. */
export function sightOf(zoom: number, cards: number, dragging: boolean): Sight {
  if (zoom < SPECK && cards > MANY && !dragging) return 'speck';
  return zoom < FAR ? 'far' : 'near';
}

const Nearness = createContext<Sight>('near');

/** Tells the cards below how near one looks. */
export const SightProvider = Nearness.Provider;

/** How near one looks at the card that asks. */
export const useSight = (): Sight => useContext(Nearness);
