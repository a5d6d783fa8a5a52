import { signal } from "@preact/signals";

/** What lies over the page. */
export type Overlay = "packages" | "compare" | "files" | "help";

/** What lies over the page now. */
export const overlay = signal<Overlay | undefined>(undefined);

/** Lays something over the page. */
export function openOverlay(which: Overlay): void {
  overlay.value = which;
}

/** Shows the page again. */
export function closeOverlay(): void {
  overlay.value = undefined;
}
