import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { replaceNumbers } from "../../content/json-numbers.js";
import { decodeChunks } from "../../content/text.js";
import { keepsDigits } from "../../content/text-values.js";
import { unpackerFor } from "../../content/unpack.js";
import { type Engine, quotedName } from "./engine.js";
import type { SourceFile, SourceOptions } from "./source-file.js";
import { callOn, type Reader } from "./table-format.js";

/** Most digits of an integer of DuckDB. */
const MOST_DIGITS = 38;
/** All rows, and not the first 20,480, say what a column is: what does not fit DuckDB would round, 1.5 among integers to 2. */
const ALL_ROWS = "sample_size = -1";

/** Types by column. */
type Types = ReadonlyMap<string, string>;

/** Where a copy of a file of JSON is made whose long numbers are texts. */
export function exactPath(path: string): string {
  return `${path}.exact`;
}

/**
 * Selects all of a file of JSON, with types that keep every value. DuckDB makes doubles of all decimals as it parses them: where these would
 * lose digits, it gets a copy in which such numbers are texts.
 */
export async function jsonSource(engine: Engine, file: SourceFile, options: SourceOptions): Promise<string> {
  const { path, reader } = file;
  const first = await typesOf(engine, path, reader);
  const whole = { ...reader, options: [...reader.options, ALL_ROWS] };
  const types = await typesOf(engine, path, whole);
  const read = [...types].filter(([name, type]) => options.mentions(name.toLowerCase()) && /DOUBLE|JSON/.test(type));
  const { decimals, integers } = read.length === 0 ? NONE : await lossyNumbers(file, options.signal);
  const isLarge = integers && (await haveLarge(engine, callOn(path, whole.name, whole.options), read));
  // To look at all rows takes as long as to read them; it is done again only where it says something else.
  if (!decimals && !isLarge)
    return `select * from ${callOn(path, reader.name, (isSame(first, types) ? reader : whole).options)}`;
  const lossy = { decimals, integers: isLarge };
  const exact = await writeExact(file, lossy, options.signal);
  const copy = { name: reader.name, options: [ALL_ROWS] };
  return selectTexts(callOn(exact, copy.name, copy.options), types, await typesOf(engine, exact, copy));
}

async function typesOf(engine: Engine, path: string, { name, options }: Reader): Promise<Types> {
  const rows = await engine.ask(`describe from ${callOn(path, name, options)}`);
  return new Map(rows.map(({ column_name: column, column_type: type }) => [String(column), String(type)]));
}

function isSame(a: Types, b: Types): boolean {
  return JSON.stringify([...a]) === JSON.stringify([...b]);
}

/** What a double would round. */
interface Lossy {
  readonly decimals: boolean;
  readonly integers: boolean;
}

const NONE: Lossy = { decimals: false, integers: false };

function isInteger(number: string): boolean {
  return /^-?\d+$/.test(number);
}

/** Decimals, and integers that no type of DuckDB holds. */
function isLossyDecimal(number: string): boolean {
  return (!isInteger(number) || number.length > MOST_DIGITS) && !keepsDigits(number);
}

function textOf({ path, logicalKey }: SourceFile): AsyncIterable<string> {
  const bytes = createReadStream(path) as AsyncIterable<Uint8Array>;
  return decodeChunks(unpackerFor(logicalKey)?.(bytes, logicalKey) ?? bytes, logicalKey);
}

async function lossyNumbers(file: SourceFile, signal: AbortSignal | undefined): Promise<Lossy> {
  let integers = false;
  let decimals = false;
  const look = (number: string): string => {
    if (number.length >= 16 || /[eE]/.test(number)) {
      if (isLossyDecimal(number)) decimals = true;
      else if (isInteger(number) && !keepsDigits(number)) integers = true;
    }
    return "";
  };
  for await (const _ of replaceNumbers(textOf(file), file.logicalKey, look)) {
    signal?.throwIfAborted();
    if (decimals && integers) break;
  }
  return { decimals, integers };
}

/** Whether columns of doubles have values of which not every integer is one. */
async function haveLarge(
  engine: Engine,
  source: string,
  columns: readonly (readonly [string, string])[],
): Promise<boolean> {
  const large = columns
    .filter(([, type]) => type.includes("DOUBLE"))
    .map(([name]) => `regexp_matches(${quotedName(name)}::varchar, '(^|[^0-9.])[0-9]{16}|e\\+')`);
  if (large.length === 0) return false;
  const [row] = await engine.ask(`select bool_or(${large.join(" or ")}) as found from ${source}`);
  return row?.["found"] === true;
}

/** Writes the copy, unpacked. */
async function writeExact(file: SourceFile, { integers }: Lossy, signal: AbortSignal | undefined): Promise<string> {
  const quote = (number: string): string => {
    const isText = isLossyDecimal(number) || (integers && isInteger(number) && !keepsDigits(number));
    return isText ? `"${number}"` : number;
  };
  const path = exactPath(file.path);
  const text = replaceNumbers(textOf(file), file.logicalKey, quote);
  await pipeline(text, createWriteStream(path, { mode: 0o600 }), { signal });
  return path;
}

/** Where numbers stand beside texts, DuckDB finds JSON: in columns that had none, they are texts. */
function selectTexts(source: string, before: Types, now: Types): string {
  const texts = [...now].flatMap(([name, type]) => {
    if (!type.includes("JSON") || before.get(name)?.includes("JSON") === true) return [];
    const column = quotedName(name);
    const json = `to_json(${column})`;
    const text = type === "JSON" ? `${json}->>'$'` : `cast(${json} as ${type.replaceAll(/\bJSON\b/g, "VARCHAR")})`;
    return [`${text} as ${column}`];
  });
  return `select *${texts.length === 0 ? "" : ` replace (${texts.join(", ")})`} from ${source}`;
}
