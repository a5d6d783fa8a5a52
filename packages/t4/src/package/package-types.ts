import { mapConcurrent } from "../base/concurrency.js";
import type { JsonObject } from "../format/json-value.js";
import { checkOptions } from "./check-options.js";
import type { Deserializer } from "./formats.js";
import type { Package } from "./package.js";
import type { PackageEntry } from "./package-entry.js";
import { tableColumns } from "./table-columns.js";

/** An entry of which is known what `deserialize` gives. */
export interface TypedEntry<Value> extends PackageEntry {
  /**
   * Reads the file as what its declaration says; with a function, as what that makes of it. See {@link PackageEntry.deserialize}.
   *
   * @example
   * ```ts
   * import type { TypedEntry } from "t4";
   * async function cities(entry: TypedEntry<Record<"city", string>[]>): Promise<string[]> {
   *   return (await entry.deserialize()).map(({ city }) => city);
   * }
   * ```
   */
  deserialize(): Promise<Value>;
  deserialize(read: Deserializer | undefined): Promise<unknown>;
}

/** A package of which is known what files it has, as {@link packageTypes} declares it: `Files` has a member for each. */
export interface TypedPackage<Files> extends Package {
  /**
   * The entry of a file that the package has. See {@link Package.entry}.
   *
   * @example
   * ```ts
   * import type { TypedPackage } from "t4";
   * function readme(pkg: TypedPackage<{ "readme.md": string }>): Promise<string> {
   *   return pkg.entry("readme.md").deserialize();
   * }
   * ```
   */
  entry<Key extends keyof Files & string>(logicalKey: Key): TypedEntry<Files[Key]>;
}

/** Options of {@link packageTypes}. */
export interface PackageTypesOptions {
  /** Whether packages are imported by Node, or by pages that Vite builds. Default `"node"`. */
  readonly target?: "node" | "page";
}

/** More files make declarations that no editor likes; their keys are then any text. */
const MAX_FILES = 10_000;
const AT_ONCE = 8;

/**
 * Declarations for `import pkg from "t4:<author>/<package>"`: the package's files, and of tables (CSV, TSV, Parquet) the columns.
 * Text for a `.d.ts` file, the same for the same package.
 *
 * Costs a small read for each table. Of more than 10,000 files none is named.
 *
 * @example
 * ```ts
 * import { Package, packageTypes } from "t4";
 * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\n");
 * await pkg.push("alice/weather", "./registry");
 * console.log(await packageTypes("alice/weather", pkg)); // … "cities.csv": Record<"city" | "celsius", string>[]; …
 * ```
 */
export async function packageTypes(name: string, pkg: Package, options: PackageTypesOptions = {}): Promise<string> {
  checkOptions(options, ["target"]);
  const { target = "node" } = options;
  const type = target === "node" ? await nodeType(pkg) : pageType(pkg);
  const lines = [
    `declare module ${JSON.stringify(`t4:${name}`)} {`,
    `  /** ${name}@${pkg.topHash()} */`,
    `  const pkg: ${type};`,
    "  export default pkg;",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

async function nodeType(pkg: Package): Promise<string> {
  if (pkg.count > MAX_FILES) return 'import("t4").Package';
  const entries = Array.from(pkg.walk(), ([, entry]) => entry);
  const members: string[] = [];
  const types = mapConcurrent(entries, async (entry) => [entry.logicalKey, await valueType(entry)] as const, {
    concurrency: AT_ONCE,
  });
  for await (const [key, type] of types) members.push(`    ${JSON.stringify(key)}: ${type};`);
  return `import("t4").TypedPackage<{\n${members.map((member) => `${member}\n`).join("")}  }>`;
}

function pageType(pkg: Package): string {
  const keys = Array.from(pkg.walk(), ([key]) => JSON.stringify(key));
  return `import("t4/vite").PagePackage<${keys.length === 0 ? "never" : `\n    | ${keys.join("\n    | ")}\n  `}>`;
}

/** What formats that are no tables give, by ending. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/\.(?:txt|md|rst)(?:\.gz)?$/i, "string"],
  [/\.(?:jsonl|ndjson)(?:\.gz)?$/i, "unknown[]"],
  [/\.bin(?:\.gz)?$/i, "Uint8Array"],
];

async function valueType(entry: PackageEntry): Promise<string> {
  // What its metadata says of its format comes before its ending.
  const { meta } = entry.toEntry().entry;
  if (meta instanceof Map && ["format", "target"].some((member) => (meta as JsonObject).has(member))) return "unknown";
  const columns = await tableColumns(entry);
  if (columns !== undefined) return tableType(columns);
  return VALUES.find(([ending]) => ending.test(entry.logicalKey))?.[1] ?? "unknown";
}

function tableType(columns: readonly { readonly name: string; readonly cell: string }[]): string {
  const cells = new Set(columns.map(({ cell }) => cell));
  // Of columns of one name, the last one counts.
  const members = new Map(columns.map(({ name, cell }) => [JSON.stringify(name), cell]));
  if (cells.size === 1) return `Record<${[...members.keys()].join(" | ")}, ${[...cells].join("")}>[]`;
  const fields = Array.from(members, ([name, cell]) => `${name}: ${cell}`);
  return fields.length === 0 ? "unknown" : `{ ${fields.join("; ")} }[]`;
}
