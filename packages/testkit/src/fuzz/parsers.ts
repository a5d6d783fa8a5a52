import { isT4Error } from "../../../t4/lib/base/errors.js";
import { parseJson } from "../../../t4/lib/format/json-parse.js";
import { writeJson } from "../../../t4/lib/format/json-write.js";
import { parseLogicalKey } from "../../../t4/lib/format/logical-key.js";
import { quote, unquote } from "../../../t4/lib/format/percent.js";
import { formatPhysicalKey, parsePhysicalKey } from "../../../t4/lib/format/physical-key.js";
import { encodePointer, readPointer } from "../../../t4/lib/format/pointer.js";
import { parseReference } from "../../../t4/lib/format/reference.js";
import { fixUrl } from "../../../t4/lib/format/user-url.js";
import { openManifest } from "../../../t4/lib/manifest/manifest.js";
import { memoryReader } from "../../../t4/lib/manifest/memory-reader.js";
import { decodeScanTable } from "../../../t4/lib/package/scan/scan-table.js";
import { openRecord, sealRecord } from "../../../t4/lib/store/sealed-record.js";

/** A parser of what others wrote, with what must hold for any bytes; it throws when that does not. */
export type Parser = (bytes: Uint8Array) => void;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function requireSame(what: string, a: unknown, b: unknown): void {
  if (a !== b) throw new Error(`${what} is not what it was: ${String(a)} and ${String(b)}.`);
}

/** The parsers by name. What they refuse, they refuse with a T4Error; what they take, they write again as it was read. */
export const PARSERS: Readonly<Record<string, Parser>> = {
  manifest: (bytes) => {
    const manifest = openManifest(memoryReader(bytes));
    for (const _ of manifest.run.entries());
    requireSame("The top hash", openManifest(memoryReader(bytes)).topHash, manifest.topHash);
  },
  json: (bytes) => {
    const written = writeJson(parseJson(text(bytes)));
    requireSame("The JSON", writeJson(parseJson(written)), written);
  },
  pointer: (bytes) => {
    const topHash = readPointer(bytes);
    if (topHash !== undefined) requireSame("The pointer", readPointer(encodePointer(topHash)), topHash);
  },
  reference: (bytes) => void parseReference(text(bytes)),
  "logical-key": (bytes) => {
    const key = parseLogicalKey(text(bytes));
    requireSame("The key", parseLogicalKey(key), key);
  },
  "physical-key": (bytes) => {
    const url = formatPhysicalKey(parsePhysicalKey(text(bytes)));
    requireSame("The key", formatPhysicalKey(parsePhysicalKey(url)), url);
  },
  "user-url": (bytes) => void fixUrl(text(bytes), { cwd: "/work", home: "/home/user" }),
  percent: (bytes) => {
    const plain = unquote(text(bytes));
    requireSame("The text", unquote(quote(plain)), plain);
  },
  "sealed-record": (bytes) => {
    const record = openRecord(bytes);
    if (record !== undefined) requireSame("The record", text(sealRecord(record)), text(bytes));
  },
  "scan-table": (bytes) => void decodeScanTable(Uint8Array.from(bytes)),
};

/** Runs a parser on bytes; only a refusal that is meant is let pass. */
export function tryParser(parser: Parser, bytes: Uint8Array): void {
  try {
    parser(bytes);
  } catch (error) {
    if (!isT4Error(error)) throw error;
  }
}
