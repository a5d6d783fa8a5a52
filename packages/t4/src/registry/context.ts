import type { Clock } from "../base/clock.js";
import type { Store } from "../store/store.js";
import type { IndexCache } from "./index-cache.js";
import type { SlotMemory } from "./slot-memory.js";

/** What every operation on a registry works with. */
export interface RegistryContext {
  readonly store: Store;
  readonly clock: Clock;
  /** Absent: every manifest is read whole. */
  readonly indexes?: IndexCache;
  /** For stores where each read is a request. Absent: every pointer is read. */
  readonly slots?: SlotMemory | undefined;
}
