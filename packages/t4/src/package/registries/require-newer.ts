import { isT4Error, T4Error } from "../../base/errors.js";
import type { PackageName } from "../../format/package-name.js";
import { pathOrUrl } from "../../format/physical-key.js";
import { shortHash, type TopHash } from "../../format/top-hash.js";
import type { Base } from "../package-state.js";
import type { OpenRegistry } from "./opened-registry.js";
import { openLocation } from "./registry-location.js";

/** A package that stands on a revision of another registry, and what is latest where it is to be published. */
interface Arrival {
  readonly name: PackageName;
  readonly base: Base;
  readonly latest: TopHash;
}

/**
 * Requires that what is latest in a registry came before the revision that a package stands on in another one: only then
 * does it replace nothing that others made. Costs nothing where both are the same, else a listing of both histories.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT`.
 */
export async function requireNewer(registry: OpenRegistry, { name, base, latest }: Arrival): Promise<void> {
  if (latest === base.topHash) return;
  const origin = await openLocation(base.registry);
  const upToBase = await historyFrom(origin, name, base.topHash);
  if (upToBase.includes(latest)) return;
  const isNewer = (await historyFrom(registry, name, base.topHash)).length > 0;
  const what = isNewer
    ? `${pathOrUrl(registry.url)} has a newer revision of ${name} than ${shortHash(base.topHash)}`
    : `${pathOrUrl(registry.url)} has a revision of ${name} that did not come before ${shortHash(base.topHash)} in ${pathOrUrl(origin.url)}`;
  throw new T4Error("ERR_T4_CONFLICT", `${what}: its latest is ${shortHash(latest)}. Nothing was published.`, {
    hint: `t4 log ${name} shows what is there. --force puts this one on top; no revision leaves the history either way.`,
    facts: { package: name, parent: base.topHash, latest },
  });
}

/** The revisions of a package from a given one back to the first; none when that is not among them. */
async function historyFrom(registry: OpenRegistry, name: PackageName, from: string): Promise<TopHash[]> {
  const found: TopHash[] = [];
  try {
    for await (const { topHash } of registry.revisions(name))
      if (found.length > 0 || topHash === from) found.push(topHash);
  } catch (error) {
    // A registry that is gone or damaged vouches for nothing.
    if (!isT4Error(error)) throw error;
  }
  return found;
}
