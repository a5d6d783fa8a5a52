import { signal } from "@preact/signals";

/** What was just done, for a moment. */
export const toast = signal<string | undefined>(undefined);

const SHOWN_MS = 2000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says what was done. */
export function say(text: string): void {
  toast.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    toast.value = undefined;
  }, SHOWN_MS);
}

/** Puts text on the clipboard, and says so; resolves to whether the browser allowed it. */
export async function copy(text: string, what: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied ${what}`);
    return true;
  } catch {
    say("The browser did not allow copying");
    return false;
  }
}
