import type { Capabilities } from "./capability.js";
import type { LongWorks } from "./long-work.js";
import type { OpenRevisions } from "./open-revisions.js";
import type { Registries } from "./registries.js";

/** What the routes stand on. */
export interface Services {
  readonly registries: Registries;
  readonly revisions: OpenRevisions;
  readonly capabilities: Capabilities;
  readonly works: LongWorks;
  /** Buckets that packages of any registry may lead to with the user's credentials. */
  readonly trustBuckets: readonly string[];
}
