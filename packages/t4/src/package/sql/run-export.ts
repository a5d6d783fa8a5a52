import { mapConcurrent } from "../../base/concurrency.js";
import { T4Error } from "../../base/errors.js";
import type { PackageName } from "../../format/package-name.js";
import type { TopHash } from "../../format/top-hash.js";
import { checkOptions } from "../check-options.js";
import { makePrivateDirectory } from "../private-directory.js";
import type { OpenRegistry } from "../registries/opened-registry.js";
import { openLocation } from "../registries/registry-location.js";
import { isInBucket, pathOf } from "../sources/local-source.js";
import { type Engine, openEngine, quoted } from "./engine.js";
import { type ExportFolder, exportedFiles, openExportFolder } from "./export-folder.js";
import type { ExportOptions, ExportReport } from "./export-registry.js";
import { addParts, replaceTables, type TagRecord } from "./export-tables.js";
import { type ListedRevision, listedRevisions, READS_AT_ONCE, withManifests } from "./registry-revisions.js";

/** Exports a registry. */
export async function runExport(dest: string, options: ExportOptions): Promise<ExportReport> {
  checkOptions(options, ["registry", "dryRun", "signal"]);
  const { dryRun: isDryRun = false, signal } = options;
  const directory = folderOf(dest);
  const registry = await openLocation(options.registry);
  registry.place.requireThere();
  const engine = await openEngine(signal);
  const spill = makePrivateDirectory("sql");
  let folder: ExportFolder | undefined;
  try {
    await engine.run(`set temp_directory = ${quoted(spill.path)}`);
    folder = isDryRun ? undefined : openExportFolder(directory);
    const revisions: ListedRevision[] = [];
    const wanted = { isHistory: true, costs: new Set(["time"] as const), signal };
    for await (const revision of listedRevisions(registry, wanted)) revisions.push(revision);
    const tags = await tagsOf(registry, signal);
    const parts = exportedFiles(directory, "package_manifest");
    const known = await exportedHashes(engine, parts);
    const fresh = [...new Map([...tags, ...revisions].map((each) => [each.topHash, each])).values()].filter(
      ({ topHash }) => !known.has(topHash),
    );
    if (folder !== undefined) {
      const writing = { engine, folder, signal };
      await addParts(writing, withManifests(registry, fresh, signal), { isFirst: parts.length === 0 });
      await replaceTables(writing, { revisions, tags });
    }
    return { directory, revisions: revisions.length, added: fresh.length };
  } finally {
    engine.close();
    spill.remove();
    folder?.close();
  }
}

function folderOf(dest: string): string {
  if (!isInBucket(dest)) return pathOf(dest);
  throw new T4Error("ERR_T4_UNSUPPORTED", `Cannot export to ${dest}: it is no folder.`, {
    hint: "Export to a folder and copy that: only new files, and those of package_revision and package_tag, differ.",
    facts: { dest },
  });
}

/** All tags, and `latest`. */
async function tagsOf(registry: OpenRegistry, signal: AbortSignal | undefined): Promise<TagRecord[]> {
  const tagsOfOne = async (name: PackageName): Promise<TagRecord[]> => {
    const latest = await registry.latest(name);
    const found: TagRecord[] = [];
    const add = (tag: string, topHash: TopHash): void =>
      void found.push({ name, tag, topHash, isLatest: topHash === latest });
    if (latest !== undefined) add("latest", latest);
    for await (const { tag, topHash } of registry.tags(name)) add(tag, topHash);
    return found;
  };
  const all: TagRecord[] = [];
  const options = { concurrency: READS_AT_ONCE, signal };
  for await (const tags of mapConcurrent(registry.packages(signal), tagsOfOne, options)) all.push(...tags);
  return all;
}

async function exportedHashes(engine: Engine, files: readonly string[]): Promise<ReadonlySet<unknown>> {
  if (files.length === 0) return new Set();
  const statement = `select top_hash from read_parquet([${files.map(quoted).join(", ")}])`;
  const reader = await engine.doing(() => engine.connection.runAndReadAll(statement));
  return new Set(reader.getRows().map(([topHash]) => topHash));
}
