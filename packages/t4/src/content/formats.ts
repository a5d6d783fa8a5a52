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
import { registered } from "./register-format.js";
import { nameUnpacked } from "./unpack.js";

/** All formats by name, a line each; what a format reads with is loaded when it first reads. */
const builtIn = new Map<string, FormatOptions>(
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
 * The format that a file's metadata names, else the one of its ending, before which that of a packed file does not count.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when no format fits.
 */
export function formatFor(path: string, formatName: string | undefined): FormatOptions {
  const name = nameUnpacked(path).toLowerCase();
  const formats = new Map([...builtIn, ...registered]);
  const named = formatName === undefined ? undefined : formats.get(formatName);
  // What the user registered comes first, also for an ending that a format of ours has.
  const found =
    named ??
    [...registered.values(), ...builtIn.values()].find(({ extensions }) =>
      extensions.some((extension) => name.endsWith(extension)),
    );
  if (found !== undefined) return found;
  throw new T4Error("ERR_T4_UNSUPPORTED", `No format is known for ${JSON.stringify(path)}.`, {
    hint: "Pass a function to deserialize, or add the format with registerFormat.",
    facts: { path, formats: [...formats.keys()] },
  });
}
