import { isReturning } from "./location.js";

/** Where lists stand, in pixels of their rows, by page and list. */
const places = new Map<string, number>();
const MOST_KEPT = 200;

/** A list of this page, by its label. */
export function placeOf(label: string): string {
  return `${window.location.pathname} ${label}`;
}

/** Remembers where a list stands. */
export function keepPlace(place: string, at: number): void {
  places.delete(place);
  places.set(place, at);
  for (const oldest of places.keys()) if (places.size > MOST_KEPT) places.delete(oldest);
}

/** Where a list stood, for a reader who came back to it; `0` for everybody else. */
export function keptPlace(place: string): number {
  return isReturning() ? (places.get(place) ?? 0) : 0;
}
