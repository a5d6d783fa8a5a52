import { mapConcurrent } from "../../base/concurrency.js";
import { T4Error } from "../../base/errors.js";
import type { PackageName } from "../../format/package-name.js";
import type { TopHash } from "../../format/top-hash.js";
import { checkOptions } from "../check-options.js";
import { makePrivateDirectory } from "../private-directory.js";
import type { OpenRegistry } from "../registries/opened-registry.js";
import { openLocation } from "../registries/registry-location.js";
import { openEngine, quoted } from "../sql/engine.js";
import { type ListedRevision, listedRevisions, READS_AT_ONCE, withManifests } from "../sql/registry-revisions.js";
import { type Destination, openDestination } from "./destination.js";
import type { TagRecord } from "./export-columns.js";
import type { ExportFormat, ExportOptions, ExportReport } from "./export-registry.js";
import { addParts, replaceTables, type Writing } from "./export-tables.js";
import type { ExportTarget, OpenTargetOptions } from "./export-target.js";

const FORMATS: readonly ExportFormat[] = ["parquet", "iceberg"];

/** Exports a registry. */
export async function runExport(dest: string, options: ExportOptions): Promise<ExportReport> {
  checkOptions(options, ["registry", "to", "dryRun", "signal"]);
  const { to = "parquet", dryRun: isDryRun = false, signal } = options;
  if (!FORMATS.includes(to)) throw noFormat(to);
  const destination = await openDestination(dest);
  const registry = await openLocation(options.registry);
  registry.place.requireThere();
  const engine = await openEngine(signal);
  const directory = makePrivateDirectory("sql");
  try {
    await engine.run(`set temp_directory = ${quoted(directory.path)}`);
    for (let added = 0; ; ) {
      const target = await openTarget(destination, to, { isDryRun, signal });
      const writing = { engine, directory: directory.path, target, signal };
      const round = await exportOnce(registry, writing, { isDryRun });
      added += round.added;
      // Others export to the same place: what they brought is looked at, and the rest is done again.
      if (!round.isDone) continue;
      return { location: destination.location, revisions: round.revisions, added, tables: target.tables() };
    }
  } finally {
    engine.close();
    directory.remove();
  }
}

/** Opens what an export is written to. */
async function openTarget(
  destination: Destination,
  format: ExportFormat,
  options: OpenTargetOptions,
): Promise<ExportTarget> {
  if (format === "parquet") return (await import("./parquet-target.js")).openParquetTarget(destination, options);
  return (await import("./iceberg/iceberg-target.js")).openIcebergTarget(destination, options);
}

interface Round extends Pick<ExportReport, "revisions" | "added"> {
  /** Whether the tables are now as the registry was. */
  readonly isDone: boolean;
}

async function exportOnce(
  registry: OpenRegistry,
  writing: Writing,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<Round> {
  const { target, signal } = writing;
  const revisions: ListedRevision[] = [];
  const wanted = { isHistory: true, costs: new Set(["time"] as const), signal };
  for await (const revision of listedRevisions(registry, wanted)) revisions.push(revision);
  const tags = await tagsOf(registry, signal);
  const known = await target.knownHashes();
  const fresh = [...new Map([...tags, ...revisions].map((each) => [each.topHash, each])).values()].filter(
    ({ topHash }) => !known.has(topHash),
  );
  if (isDryRun) return { revisions: revisions.length, added: fresh.length, isDone: true };
  const { revisions: added, isOvertaken } = await addParts(writing, withManifests(registry, fresh, signal));
  const isDone = !isOvertaken && (await replaceTables(writing, { revisions, tags }));
  return { revisions: revisions.length, added, isDone };
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

function noFormat(format: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `There is no format ${JSON.stringify(format)} of exports.`, {
    hint: `Known formats: ${FORMATS.join(", ")}.`,
    facts: { format },
  });
}
