import { useTitle } from "../state/use-title.js";

/** For an address that names nothing. */
export function Lost() {
  useTitle("Not found");
  return (
    <main id="main" class="page narrow">
      <div class="empty">
        <h1>There is no such page</h1>
        <p>The address may be mistyped, or of a newer catalog.</p>
        <p>
          <a class="button" href="/">
            To all registries
          </a>
        </p>
      </div>
    </main>
  );
}
