import { T4Error } from "../base/errors.js";
import type { FormatOptions } from "./format.js";
import { arrow } from "./formats/arrow.js";
import { csv, tsv } from "./formats/csv.js";
import { excel } from "./formats/excel.js";
import { json } from "./formats/json.js";
import { jsonLines } from "./formats/json-lines.js";
import { npy, npz } from "./formats/numpy.js";
import { parquet } from "./formats/parquet.js";
import { bytes, utf8 } from "./formats/plain.js";
import { nameUnpacked } from "./unpack.js";

/** All formats by name, a line each; what a format reads with is loaded when it first reads. */
const formats = new Map<string, FormatOptions>(
  Object.entries({
    bytes,
    json,
    jsonl: jsonLines,
    "utf-8": utf8,
    csv,
    tsv,
    parquet,
    arrow,
    npy,
    npz,
    excel,
  }),
);

/**
 * Adds a format, or replaces the one of that name, for this process; it is used for entries whose metadata names it and
 * for files with its endings.
 *
 * There are `bytes`, `json`, `jsonl`, `utf-8`, `csv`, `tsv`, `parquet`, `arrow`, `npy`, `npz` and `excel`.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a format that reads neither values nor tables.
 *
 * @example
 * ```ts
 * import { Package, registerFormat } from "t4";
 * registerFormat("ini", {
 *   extensions: [".ini"],
 *   read: (bytes) => new TextDecoder().decode(bytes).split("\n").map((line) => line.split("=")),
 * });
 * registerFormat("fasta", {
 *   extensions: [".fasta", ".fa"],
 *   table: async (file) => ({
 *     columns: [{ name: "id", type: "string" }, { name: "sequence", type: "string" }],
 *     async *rows() {
 *       let text = "";
 *       for await (const chunk of file.stream()) text += new TextDecoder().decode(chunk);
 *       for (const part of text.split(">").slice(1)) {
 *         const [id = "", ...lines] = part.split("\n");
 *         yield [{ id, sequence: lines.join("") }];
 *       }
 *     },
 *   }),
 * });
 * const pkg = await new Package().setText("a.ini", "x=1");
 * console.log(await pkg.entry("a.ini").deserialize()); // [["x", "1"]]
 * await pkg.setText("b.fa", ">chr1\nACGT\nAC\n");
 * for await (const row of pkg.entry("b.fa").rows()) console.log(row); // { id: "chr1", sequence: "ACGTAC" }
 * ```
 */
export function registerFormat(name: string, format: FormatOptions): void {
  if (format.read === undefined && format.table === undefined) {
    throw new T4Error("ERR_T4_USAGE", `The format ${JSON.stringify(name)} has neither read nor table.`, {
      hint: "read turns a file into a value, table opens it as rows.",
    });
  }
  formats.set(name, format);
}

/**
 * The format that a file's metadata names, else the one of its ending, before which that of a packed file does not count.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when no format fits.
 */
export function formatFor(path: string, formatName: string | undefined): FormatOptions {
  const name = nameUnpacked(path).toLowerCase();
  const named = formatName === undefined ? undefined : formats.get(formatName);
  const found =
    named ?? [...formats.values()].find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)));
  if (found !== undefined) return found;
  throw new T4Error("ERR_T4_UNSUPPORTED", `No format is known for ${JSON.stringify(path)}.`, {
    hint: "Pass a function to deserialize, or add the format with registerFormat.",
    facts: { path, formats: [...formats.keys()] },
  });
}
