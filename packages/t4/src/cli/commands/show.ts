import { Package, PackageEntry, pathOrUrl } from "t4";
import type { DefineCommand } from "../command.js";
import { entryJson } from "../comparison.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { bytes, counted } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

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
      else if (path === "") context.out(isJson ? revisionJson(pkg) : revisionFacts(pkg));
      else context.out(isJson ? directoryJson(found, path) : directoryFacts(found, path));
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

function revisionFacts(pkg: Package): Shown {
  return facts([
    ["top hash", pkg.topHash()],
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

function revisionJson(pkg: Package): Shown {
  const { message, count: files } = pkg;
  return withMeta({ topHash: pkg.topHash(), message, files, bytes: totalOf(pkg) }, pkg);
}

function directoryJson(inside: Package, path: string): Shown {
  return withMeta({ path, files: inside.count, bytes: totalOf(inside) }, inside);
}

/** Metadata keeps how its numbers are written. */
function withMeta(known: object, pkg: Package): Shown {
  return shown`${JSON.stringify(known).slice(0, -1)},"meta":${pkg.metaJson()}}\n`;
}
