import { join } from "node:path";
import { locations } from "t4";

/** Where the catalog keeps the sample registry. */
export function sampleLocation(): string {
  return join(locations().base, "catalog", "sample-registry");
}
