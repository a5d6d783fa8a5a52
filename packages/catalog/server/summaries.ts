import type { PackageSummary } from "./api.js";
import { indexed, type OpenRevisions } from "./open-revisions.js";
import type { KnownRegistry } from "./registries.js";
import { totals } from "./revision-index.js";

/** What the list shows of a package: its latest revision. */
export async function summarize(known: KnownRegistry, name: string, revisions: OpenRevisions): Promise<PackageSummary> {
  const { registry } = known;
  const topHash = await registry.resolve(name);
  let time: string | null = null;
  let count = 0;
  for await (const revision of registry.log(name)) {
    count++;
    if (revision.isLatest) time = revision.time.toISOString();
  }
  const { pkg, index } = await indexed(await revisions(known, { name, topHash }));
  return { name, topHash, time, message: pkg.message, revisions: count, ...totals(index) };
}
