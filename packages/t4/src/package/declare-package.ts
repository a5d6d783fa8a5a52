import { mapConcurrent } from "../base/concurrency.js";
import { isT4Error } from "../base/errors.js";
import type { Column } from "../content/format.js";
import type { JsonObject } from "../format/json-value.js";
import { checkOptions } from "./check-options.js";
import type { Package } from "./package.js";
import type { PackageEntry } from "./package-entry.js";
import type { PackageTypesOptions } from "./package-types.js";

/** More files make declarations that no editor likes; their keys are then any text. */
const MAX_FILES = 10_000;
/** Of a wider table, no column is named. */
const MAX_COLUMNS = 1000;
const AT_ONCE = 8;

/** What `packageTypes` does. */
export async function declarePackage(name: string, pkg: Package, options: PackageTypesOptions): Promise<string> {
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

/** Tables whose rows all have the same columns; those of JSON need not. */
const TABLE = /\.(?:csv|tsv|tab|parquet|pq|arrows?|feather|ipc|npy|npz|xlsx|xlsm)(?:\.gz|\.zst)?$/i;
const TEXT_TABLE = /\.(?:csv|tsv|tab)(?:\.gz|\.zst)?$/i;
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
  if (TABLE.test(entry.logicalKey)) return tableType(await columnsOf(entry), TEXT_TABLE.test(entry.logicalKey));
  return VALUES.find(([ending]) => ending.test(entry.logicalKey))?.[1] ?? "unknown";
}

/** The columns of a table; none of one that cannot be read as what it is called. */
async function columnsOf(entry: PackageEntry): Promise<readonly Column[]> {
  try {
    return (await entry.schema({ verify: false })).columns;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_FORMAT", "ERR_T4_UNSUPPORTED")) return [];
    throw error;
  }
}

function tableType(columns: readonly Column[], isText: boolean): string {
  if (columns.length === 0 || columns.length > MAX_COLUMNS) return "unknown";
  return `{ ${columns.map(({ name, type }) => `${JSON.stringify(name)}: ${cellType(type, isText)}`).join("; ")} }[]`;
}

/** What cells of a column are, by the beginning of its type. Every cell may be empty. */
const CELLS: readonly (readonly [RegExp, string])[] = [
  [/^bool/, "boolean"],
  [/^u?int64/, "bigint"],
  [/^(?:u?int|float|double|half|number)/, "number"],
  [/^(?:string|decimal|time(?!stamp)|uuid)/, "string"],
  [/^date$|^timestamp(?:\[(?:s|ms)\b|$)/, "Date"],
  [/^binary/, "Uint8Array"],
];

/** Cells of a workbook's column may be of several types: `number|string`. */
function cellType(type: string, isText: boolean): string {
  // A text is a bigint where a number would not hold it.
  if (isText && type === "number") return "number | bigint | null";
  const cells = type.split("|").map((each) => CELLS.find(([beginning]) => beginning.test(each))?.[1]);
  return cells.includes(undefined) ? "unknown" : `${[...new Set(cells)].join(" | ")} | null`;
}
