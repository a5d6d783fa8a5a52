import type { Clock } from "../base/clock.js";
import type { Store } from "../store/store.js";
import type { IndexCache } from "./index-cache.js";

/** What every operation on a registry works with. */
export interface RegistryContext {
  readonly store: Store;
  readonly clock: Clock;
  /** Absent: every manifest is read whole. */
  readonly indexes?: IndexCache;
}
