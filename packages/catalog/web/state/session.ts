import { navigate } from "./location.js";
import { keepSecret } from "./secret.js";

/**
 * Opens the session where the address has the token of one, and takes that out of the address. Resolves to whether it did; an
 * address that was used before opens nothing, and changes nothing for a browser that has the session already.
 */
async function redeem(): Promise<boolean> {
  const { pathname, search, hash } = window.location;
  const token = new URLSearchParams(hash.slice(1)).get("token");
  if (token === null) return false;
  navigate(pathname + search, { replace: true });
  const headers = { "Content-Type": "application/json" };
  const options = { method: "POST", headers, body: JSON.stringify({ token }) };
  const response = await fetch("/api/v1/session", options).catch(() => undefined);
  if (response?.ok !== true) return false;
  keepSecret(((await response.json()) as { readonly secret: string }).secret);
  return true;
}

/** Opens the session, now and when another address is put into this tab, which loads no page. */
export async function openSession(): Promise<void> {
  window.addEventListener("hashchange", () => {
    void redeem().then((isNew) => isNew && window.location.reload());
  });
  await redeem();
}
