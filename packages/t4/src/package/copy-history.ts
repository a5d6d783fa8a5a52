import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { pathOrUrl } from "../format/physical-key.js";
import { parseReference } from "../format/reference.js";
import { shortHash, type TopHash } from "../format/top-hash.js";
import type { CopyOptions, CopyReport, PushReport } from "./package-options.js";
import { stateOf } from "./package-state.js";
import { type Original, publish } from "./publish.js";
import { accessOf } from "./registries/open-revision.js";
import type { OpenRegistry } from "./registries/opened-registry.js";
import { openLocation } from "./registries/registry-location.js";

/** A revision with its place in a history; one that only `latest` stands on has none. */
interface Place {
  readonly topHash: TopHash;
  readonly slot: number | undefined;
}

/** The two registries, and whose history is copied. */
interface Mirror {
  readonly name: PackageName;
  readonly from: OpenRegistry;
  readonly to: OpenRegistry;
}

/**
 * Copies all revisions of a package that the other registry has not yet, in their order. Costs two listings, and what each
 * revision costs as a push. The histories are compared revision by revision: of another one nothing is touched.
 */
export async function copyHistory(text: string, to: string, options: CopyOptions): Promise<CopyReport> {
  const { name, revision, registry } = parseReference(text);
  requireWhole(text, { revision, force: options.force });
  const mirror: Mirror = {
    name,
    from: await openLocation(options.registry ?? registry),
    to: await openLocation(to),
  };
  mirror.from.place.requireThere();
  const latest = await mirror.from.resolve(name);
  const missing = await missingIn(mirror, { latest, signal: options.signal });
  const copied = missing.map(({ topHash }) => topHash);
  if (options.dryRun === true) return { topHash: latest, isPublished: false, copied };
  let present = await mirror.to.latest(name);
  let last: PushReport = { topHash: latest, isPublished: false };
  for (const { topHash, slot } of missing) {
    last = await copyPlaced(mirror, { topHash, place: { parent: present, slot } }, options);
    present = topHash;
  }
  // Whoever rolled back there has made another one the latest than the last.
  if (present !== undefined && present !== latest) await mirror.to.rollback(name, { topHash: latest, from: present });
  return { ...last, topHash: latest, copied };
}

/** Publishes one revision in its place. */
async function copyPlaced({ name, from, to }: Mirror, original: Original, options: CopyOptions): Promise<PushReport> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const manifest = await from.browseManifest(original.topHash);
  try {
    const state = stateOf(manifest, { access: accessOf(from, options), bases: [] });
    return (await publish(state, { name, registry: to, original, signal, onProgress })).report;
  } finally {
    manifest.close();
  }
}

/** The revisions that are still to be copied, the oldest first. */
async function missingIn(
  { name, from, to }: Mirror,
  { latest, signal }: { readonly latest: TopHash; readonly signal: AbortSignal | undefined },
): Promise<readonly Place[]> {
  const theirs = await historyOf(from, name, signal);
  // What another client made the latest may be listed nowhere.
  if (!theirs.some(({ topHash }) => topHash === latest)) theirs.push({ topHash: latest, slot: undefined });
  const ours = await historyOf(to, name, signal);
  const other = ours.findIndex(({ topHash }, index) => topHash !== theirs[index]?.topHash);
  if (other === -1) return theirs.slice(ours.length);
  const [expected, got] = [theirs[other], ours[other]].map((place) => place && shortHash(place.topHash));
  throw new T4Error(
    "ERR_T4_CONFLICT",
    `The history of ${name} in ${pathOrUrl(to.url)} is not the beginning of that in ${pathOrUrl(from.url)}: as revision ${other + 1} expected ${expected ?? "none"}, got ${got}. Nothing was copied.`,
    {
      hint: `Without --history one revision is copied. To have the whole history, take the package away there first: t4 rm ${name} (t4 undo brings it back).`,
      facts: {
        package: name,
        place: other + 1,
        expected: theirs[other]?.topHash ?? null,
        found: ours[other]?.topHash ?? null,
      },
    },
  );
}

/** A package's revisions, the oldest first; none where there is no such package. */
async function historyOf(registry: OpenRegistry, name: PackageName, signal: AbortSignal | undefined): Promise<Place[]> {
  const places: Place[] = [];
  for await (const { topHash, pointer } of registry.revisions(name, signal)) {
    places.push({ topHash, slot: Number(pointer) });
  }
  return places.reverse();
}

/** A history is all of a package, and goes on top of its own beginning alone. */
function requireWhole(
  text: string,
  { revision, force }: { revision: string | undefined; force: boolean | undefined },
): void {
  if (revision === undefined && force !== true) return;
  const [what, hint] =
    force === true
      ? ["A history is not put on top of another one by force.", "Leave out --force, or --history."]
      : [`${text} names one revision, and the history is all of them.`, "Leave out the revision, or --history."];
  throw new T4Error("ERR_T4_USAGE", what, { hint });
}
