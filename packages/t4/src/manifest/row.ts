import { type Entry, type FileStamp, NO_META } from "../format/entry.js";
import { entryLine, parseManifestLine } from "../format/manifest-line.js";

/** The shape of a `CommonRow`, to take its parts as strings; every other line is parsed. */
const PLAIN = "[ !#-\\[\\]-~]";
const SHAPE = new RegExp(
  `^\\{"logical_key": "(${PLAIN}+)", "physical_keys": \\["(${PLAIN}+)"\\], "size": (0|[1-9][0-9]{0,14}), ` +
    `"hash": \\{"type": "(${PLAIN}+)", "value": "(${PLAIN}*)"\\}, "meta": \\{\\}\\}$`,
);

/** Separates an entry's line from its stamp or etag in runs that are no manifests; JSON text never holds a raw tab. */
const STAMP_MARK = "\t";

/** A line of a run in memory: an entry's line and, for a local file, its stamp, for an object of a bucket its etag. */
export function encodeRow(entry: Entry): string {
  const line = entryLine(entry);
  const { stamp, etag } = entry;
  if (etag !== undefined) return line + STAMP_MARK + etag;
  if (stamp === undefined) return line;
  return [line, stamp.size, stamp.mtimeMs, stamp.ctimeMs, stamp.inode, stamp.device].join(STAMP_MARK);
}

/** Reads a line of a run in memory; never one of a manifest, whose writer must not be able to say that a file is trusted. */
export function decodeRow(text: string): Entry | undefined {
  const mark = text.endsWith("}") ? -1 : text.indexOf(STAMP_MARK);
  if (mark === -1) return decodeLine(text);
  const entry = decodeLine(text.slice(0, mark));
  const state = text.slice(mark + 1);
  return entry && { ...entry, ...(state.startsWith('"') ? { etag: state } : { stamp: parseStamp(state) }) };
}

/** Reads a line of a manifest as an entry; `undefined` for a directory's metadata. */
export function decodeLine(line: string): Entry | undefined {
  const found = SHAPE.exec(line);
  if (found === null) {
    const parsed = parseManifestLine(line);
    return parsed.kind === "entry" ? parsed.entry : undefined;
  }
  const [, logicalKey = "", physicalKey = "", size = "", type = "", value = ""] = found;
  return { logicalKey, physicalKeys: [physicalKey], size: Number(size), hash: { type, value }, meta: NO_META };
}

function parseStamp(text: string): FileStamp {
  const [size = 0, mtimeMs = 0, ctimeMs = 0, inode = 0, device = 0] = text.split(STAMP_MARK).map(Number);
  return { size, mtimeMs, ctimeMs, inode, device };
}
