import { accessFacts } from "./access.js";
import { conditionFacts } from "./conditions.js";
import type { Fact } from "./fact.js";
import { listingFacts } from "./listings.js";
import { multipartFacts } from "./multipart.js";
import { objectFacts } from "./objects.js";
import { versionFacts } from "./versions.js";

/** All that T4 relies on, true of Amazon S3 unless a deviation says otherwise. */
export const FACTS: readonly Fact[] = [
  ...objectFacts,
  ...conditionFacts,
  ...multipartFacts,
  ...versionFacts,
  ...listingFacts,
  ...accessFacts,
];
