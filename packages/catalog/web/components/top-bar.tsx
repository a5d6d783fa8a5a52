import type { RegistryRow } from "../../server/api.js";
import { visible } from "../format.js";
import { route } from "../state/location.js";
import { openOverlay } from "../state/overlay.js";
import { registryHref } from "../state/routes.js";
import { nextTheme, theme } from "../state/theme.js";
import { Icon } from "./icon.js";

const THEME_ICONS = { auto: "auto", light: "sun", dark: "moon" } as const;

interface TopBarProps {
  readonly registry: RegistryRow | undefined;
  /** Whether the registries are still on their way. */
  readonly isAwaited: boolean;
}

/** The head of every page: where one is, where one can go, and how it looks. */
export function TopBar({ registry, isAwaited }: TopBarProps) {
  const here = route.value;
  const isInside = "registry" in here;
  const search = isInside ? "Find a package" : "Open a registry to search it";
  return (
    <header class="top-bar">
      <a class="brand" href="/" aria-label="T4 catalog, all registries">
        <img src="/assets/mark.svg" alt="" width="24" height="24" />
        <span>T4</span>
      </a>
      {isInside ? (
        <a class="registry-link" href={registryHref(here.registry)} title={registry?.location}>
          <Icon name="database" />
          {registry === undefined && isAwaited ? (
            <span class="bone">
              <span class="unseen">Registry</span>
            </span>
          ) : (
            <span>{registry === undefined ? here.registry : visible(registry.label)}</span>
          )}
        </a>
      ) : null}
      <span class="read-only" title="Nothing in this catalog changes a registry">
        read-only
      </span>
      <button
        type="button"
        class="omnibox"
        aria-label={search}
        onClick={() => openOverlay("packages")}
        disabled={!isInside}
      >
        <Icon name="search" />
        <span>{search}</span>
        <kbd>/</kbd>
      </button>
      <nav class="top-actions" aria-label="Catalog">
        <button
          type="button"
          class="icon-button"
          aria-label={`Theme: ${theme.value}`}
          title={`Theme: ${theme.value}`}
          onClick={nextTheme}
        >
          <Icon name={THEME_ICONS[theme.value]} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => openOverlay("help")}
        >
          <kbd>?</kbd>
        </button>
      </nav>
    </header>
  );
}
