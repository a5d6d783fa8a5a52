import { T4Error } from "../../base/errors.js";
import type { Entry } from "../../format/entry.js";
import { parseReference } from "../../format/reference.js";
import { requireEntry } from "../key-errors.js";
import type { BrowseOptions } from "../package-options.js";
import { openRevision } from "../registries/open-revision.js";
import type { FileAccess } from "../sources/file-access.js";

/** A table of a statement, which is a file of a package. */
export interface FileTable {
  /** As the statement names it. */
  readonly name: string;
  readonly entry: Entry;
  /** What its package may lead to. */
  readonly access: FileAccess;
}

/** Where the packages of a statement are, and what they may lead to. */
export type PackageOptions = Omit<BrowseOptions, "topHash">;

/**
 * Finds the files that a statement names: `<author>/<package>[@<revision>]/<file>`. Other names are of its own parts, or of
 * nothing, which DuckDB says.
 *
 * Each package is resolved once, so that all files of a latest revision are of one.
 */
export async function packageTables(names: readonly string[], options: PackageOptions): Promise<FileTable[]> {
  const paths = names.filter((name) => name.includes("/"));
  requireDistinct(paths);
  const revisions = new Map<string, ReturnType<typeof openRevision>>();
  const tables: FileTable[] = [];
  for (const name of paths) {
    const { path, ...reference } = parseReference(name);
    if (path === undefined) throw noFile(name);
    const key = JSON.stringify(reference);
    const registry = reference.registry ?? options.registry;
    const revision = reference.revision === undefined ? {} : { topHash: reference.revision };
    const opening = revisions.get(key) ?? openRevision(reference.name, { ...options, registry, ...revision });
    revisions.set(key, opening);
    const { state } = await opening;
    tables.push({ name, entry: requireEntry(state.tree, path), access: state.access });
  }
  return tables;
}

/** Names of tables do not tell upper from lower case; those of files do. */
function requireDistinct(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (other === undefined) continue;
    throw new T4Error("ERR_T4_USAGE", `To SQL, ${JSON.stringify(other)} and ${JSON.stringify(name)} are one name.`, {
      hint: "Name one of them with its revision: <author>/<package>@latest/<file>.",
      facts: { tables: [other, name] },
    });
  }
}

function noFile(name: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `The table ${JSON.stringify(name)} names a package and no file of it.`, {
    hint: `Add its path: '${name}/<file>'; t4 ls ${name} shows what it has.`,
    facts: { table: name },
  });
}
