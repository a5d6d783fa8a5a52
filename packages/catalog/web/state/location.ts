import { computed, signal } from "@preact/signals";
import { parseRoute } from "./routes.js";

const address = signal(currentAddress());

function currentAddress(): { readonly pathname: string; readonly search: string; readonly hash: string } {
  const { pathname, search, hash } = window.location;
  return { pathname, search, hash };
}

/** The page that the address names. */
export const route = computed(() => parseRoute(address.value.pathname));

/** The address's search parameters. */
export const query = computed(() => new URLSearchParams(address.value.search));

/** The address's fragment, without its `#`. */
export const fragment = computed(() => address.value.hash.slice(1));

let isBack = false;

/** Whether this page was reached by Back or Forward: its lists stand where they stood. */
export function isReturning(): boolean {
  return isBack;
}

/** Goes to an address of the catalog. */
export function navigate(href: string, { replace = false } = {}): void {
  if (!replace) isBack = false;
  if (replace) window.history.replaceState(null, "", href);
  else {
    window.history.pushState(null, "", href);
    window.scrollTo(0, 0);
  }
  address.value = currentAddress();
}

/** Changes one search parameter in place; `undefined` takes it away. */
export function setQuery(name: string, value: string | undefined): void {
  const next = new URLSearchParams(query.value);
  if (value === undefined || value === "") next.delete(name);
  else next.set(name, value);
  const search = next.size === 0 ? "" : `?${next}`;
  navigate(window.location.pathname + search + window.location.hash, { replace: true });
}

/** Follows the reader: Back and Forward, and plain clicks on the catalog's own links. */
export function followLinks(): void {
  window.addEventListener("popstate", () => {
    isBack = true;
    address.value = currentAddress();
  });
  document.addEventListener("click", (event) => {
    const url = event.defaultPrevented ? undefined : ownAddress(event);
    if (url === undefined) return;
    event.preventDefault();
    navigate(url.pathname + url.search + url.hash);
  });
}

/** The page of the catalog that a plain click asks for. */
function ownAddress(event: MouseEvent): URL | undefined {
  const link = (event.target as Element | null)?.closest("a");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  if (link.target !== "" || link.hasAttribute("download")) return undefined;
  const url = new URL(link.href);
  return isOtherPage(url) ? url : undefined;
}

/** Whether an address is of a page of the catalog, and not of a place on this one: the browser finds that, and puts the keyboard there. */
function isOtherPage({ origin, pathname, search, hash }: URL): boolean {
  const here = window.location;
  if (hash !== "" && pathname === here.pathname && search === here.search) return false;
  return origin === here.origin && !/^\/(?:-|api|assets)\//.test(pathname);
}
