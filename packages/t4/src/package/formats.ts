import { gunzipSync } from "node:zlib";
import { T4Error } from "../base/errors.js";
import { decodeText, parseJson } from "./text.js";

/** Turns a file's whole content, verified and unpacked, into a value; may be async. */
export type Deserializer = (bytes: Uint8Array) => unknown;

/** Most that a compressed file may grow to: a few bytes must not fill the memory. */
const MAX_INFLATED_BYTES = 1 << 30;

/** A format as it is kept: those of ours name the file in their errors. */
interface Format extends Pick<FormatOptions, "extensions"> {
  readonly read: (bytes: Uint8Array, path: string) => unknown;
}

const formats = new Map<string, Format>([
  ["bytes", { extensions: [".bin"], read: (bytes) => bytes }],
  [
    "json",
    { extensions: [".json", ".ipynb", ".geojson"], read: (bytes, path) => parseJson(decodeText(bytes, path), path) },
  ],
  ["jsonl", { extensions: [".jsonl", ".ndjson"], read: readLines }],
  ["utf-8", { extensions: [".txt", ".md", ".rst"], read: decodeText }],
  ["csv", { extensions: [".csv"], read: (bytes, path) => readTable(decodeText(bytes, path), ",") }],
  ["tsv", { extensions: [".tsv"], read: (bytes, path) => readTable(decodeText(bytes, path), "\t") }],
  ["parquet", { extensions: [".parquet"], read: readParquet }],
]);

/** A format for {@link registerFormat}. */
export interface FormatOptions {
  /** Endings in lower case, each with its dot: `[".yml", ".yaml"]`. */
  readonly extensions: readonly string[];
  /** Reads the file. */
  readonly read: Deserializer;
}

/**
 * Adds a format, or replaces the one of that name, for this process; it is used for entries whose metadata names it and
 * for files with its endings.
 *
 * There are `bytes`, `json`, `jsonl`, `utf-8`, `csv`, `tsv` and `parquet`.
 *
 * @example
 * ```ts
 * import { Package, registerFormat } from "t4";
 * registerFormat("ini", {
 *   extensions: [".ini"],
 *   read: (bytes) => new TextDecoder().decode(bytes).split("\n").map((line) => line.split("=")),
 * });
 * const pkg = await new Package().setText("a.ini", "x=1");
 * console.log(await pkg.entry("a.ini").deserialize()); // [["x", "1"]]
 * ```
 */
export function registerFormat(name: string, format: FormatOptions): void {
  formats.set(name, format);
}

/**
 * Turns a file's bytes into a value: by the format that its metadata names, else by its ending; `.gz` is unpacked first.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when no format fits.
 */
export async function deserialize(
  bytes: Uint8Array,
  hint: { readonly formatName?: string; readonly path: string },
): Promise<unknown> {
  const isPacked = /\.gz$/i.test(hint.path);
  const path = (isPacked ? hint.path.slice(0, -3) : hint.path).toLowerCase();
  const named = hint.formatName === undefined ? undefined : formats.get(hint.formatName);
  const format =
    named ?? [...formats.values()].find(({ extensions }) => extensions.some((extension) => path.endsWith(extension)));
  if (format === undefined) {
    throw new T4Error("ERR_T4_UNSUPPORTED", `No format is known for ${JSON.stringify(hint.path)}.`, {
      hint: "Pass a function to deserialize, or add the format with registerFormat.",
      facts: { path: hint.path, formats: [...formats.keys()] },
    });
  }
  return format.read(isPacked ? inflate(bytes, hint.path) : bytes, hint.path);
}

function inflate(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch (cause) {
    throw new T4Error(
      "ERR_T4_FORMAT",
      `Cannot unpack ${JSON.stringify(path)}: it is no gzip file, damaged, or larger than ${MAX_INFLATED_BYTES} bytes.`,
      {
        hint: "Read it as it is with bytes(), or unpack it in a function that you pass to deserialize.",
        facts: { path },
        cause,
      },
    );
  }
}

function readLines(bytes: Uint8Array, path: string): unknown[] {
  const lines = decodeText(bytes, path).split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => parseJson(line, path));
}

async function readTable(text: string, delimiter: string): Promise<unknown> {
  const { parse } = await import("csv-parse/sync");
  return parse(text, { columns: true, bom: true, delimiter, skip_empty_lines: true });
}

async function readParquet(bytes: Uint8Array): Promise<unknown> {
  const [{ parquetReadObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const { buffer, byteOffset, byteLength } = bytes;
  return parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer, compressors });
}
