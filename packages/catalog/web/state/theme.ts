import { computed, signal } from "@preact/signals";

/** The look that the reader chose; `auto` follows the system. */
export type Theme = "auto" | "light" | "dark";

const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/** The look that is shown. The server wrote it into the page, so that nothing flashes. */
export const theme = signal<Theme>((document.documentElement.dataset["theme"] as Theme | undefined) ?? "auto");

const system = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(system.matches);
system.addEventListener("change", () => {
  isSystemDark.value = system.matches;
});

/** Whether what is shown is dark. */
export const isDark = computed(() => theme.value === "dark" || (theme.value === "auto" && isSystemDark.value));

/** Takes the next look, and keeps it for the next visit. */
export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "auto";
  theme.value = next;
  document.documentElement.dataset["theme"] = next;
  document.cookie = `t4-theme=${next}; path=/; max-age=31536000; samesite=strict`;
}
