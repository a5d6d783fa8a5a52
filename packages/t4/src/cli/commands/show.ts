import { isT4Error, openRegistry, Package, PackageEntry, pathOrUrl } from "t4";
import type { DefineCommand } from "../command.js";
import { entryJson } from "../comparison.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { bytes, counted, time } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { referenceTo, type Target, targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "[reference]",
      "<author>/<package>[@<revision>][/<path>]; default: what the directory stands on; with a path, that file or directory",
    )
    .option(...REGISTRY)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples(
        "t4 show alice/weather@latest~1 --registry ./registry",
        "t4 show alice/weather/readme.md --registry ./registry",
        "cd copy && t4 show readme.md",
      ),
    )
    .action(async (reference: string | undefined, { registry, json: isJson = false }: CommonOptions) => {
      const target = await targetOf(reference, { registry, path: "may" });
      const pkg = await Package.browse(referenceTo(target), { registry: target.registry });
      const path = target.path?.replace(/\/+$/, "") ?? "";
      const found = path === "" ? pkg : pkg.get(path);
      if (found instanceof PackageEntry) context.out(isJson ? shown`${entryJson(found)}\n` : entryFacts(found));
      else if (path === "") {
        const known = await listing(target, pkg.topHash());
        context.out(isJson ? revisionJson(pkg, known) : revisionFacts(pkg, known));
      } else context.out(isJson ? directoryJson(found, path) : directoryFacts(found, path));
    });
};

function entryFacts({ logicalKey, size, hash, physicalKey, metaJson }: PackageEntry): Shown {
  return facts([
    ["file", logicalKey],
    ["size", size === undefined ? "" : bytes(size)],
    ["hash", hash === undefined ? "" : `${hash.value} (${hash.type})`],
    ["stored", physicalKey === undefined ? "" : pathOrUrl(physicalKey)],
    ["metadata", metaJson],
  ]);
}

/** What a registry says of a revision. */
interface Listing {
  readonly name: string;
  readonly registry: string;
  /** When it was published last; `null` where no history has it. */
  readonly time: Date | null;
  /** `latest` and tags that stand on it. */
  readonly names: readonly string[];
}

/** What the registry says of a revision; its files can be looked at also where the history cannot be read. */
async function listing({ name, registry: location }: Target, topHash: string): Promise<Listing> {
  const registry = await openRegistry(location);
  const names: string[] = [];
  let published: Date | null = null;
  try {
    for await (const revision of registry.log(name)) {
      if (revision.topHash !== topHash) continue;
      if (revision.isLatest) names.push("latest");
      published = revision.time;
      break;
    }
    for await (const tag of registry.tags(name)) if (tag.topHash === topHash) names.push(tag.tag);
  } catch (error) {
    if (!isT4Error(error)) throw error;
  }
  return { name, registry: registry.url, time: published, names };
}

function revisionFacts(pkg: Package, { name, registry, time: published, names }: Listing): Shown {
  return facts([
    ["package", name],
    ["registry", pathOrUrl(registry)],
    ["top hash", pkg.topHash()],
    ["time", published === null ? "not in the history" : time(published)],
    ["tags", names.join(", ")],
    ["message", pkg.message ?? ""],
    ["content", contentOf(pkg)],
    ["metadata", pkg.metaJson()],
  ]);
}

function directoryFacts(inside: Package, path: string): Shown {
  return facts([
    ["directory", `${path}/`],
    ["content", contentOf(inside)],
    ["metadata", inside.metaJson()],
  ]);
}

function contentOf(pkg: Package): string {
  return `${counted(pkg.count, "file")}, ${bytes(totalOf(pkg))}`;
}

function totalOf(pkg: Package): number {
  let total = 0;
  for (const [, { size = 0 }] of pkg.walk()) total += size;
  return total;
}

function facts(rows: readonly (readonly [name: string, value: string])[]): Shown {
  const width = rows.reduce((widest, [name]) => Math.max(widest, name.length), 0);
  return joined(rows.map(([name, value]) => shown`${name.padEnd(width)}  ${value}\n`));
}

function revisionJson(pkg: Package, known: Listing): Shown {
  const { message, count: files } = pkg;
  return withMeta({ topHash: pkg.topHash(), ...known, message, files, bytes: totalOf(pkg) }, pkg);
}

function directoryJson(inside: Package, path: string): Shown {
  return withMeta({ path, files: inside.count, bytes: totalOf(inside) }, inside);
}

/** Metadata keeps how its numbers are written. */
function withMeta(known: object, pkg: Package): Shown {
  return shown`${JSON.stringify(known).slice(0, -1)},"meta":${pkg.metaJson()}}\n`;
}
