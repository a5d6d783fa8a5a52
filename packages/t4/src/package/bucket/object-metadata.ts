import { T4Error } from "../../base/errors.js";
import { type JsonInput, type JsonOutput, metaOutput, toJson } from "../../format/json-convert.js";
import { parseJson } from "../../format/json-parse.js";
import type { Json, JsonObject } from "../../format/json-value.js";
import { writeJson } from "../../format/json-write.js";

/** The header in which T4 of 2019 keeps an object's metadata: JSON with `user_meta`, and `format` or `target`. */
const METADATA_HEADER = "x-amz-meta-helium";
/** S3 takes so much metadata with an object, names included. */
const MAX_BYTES = 2048 - METADATA_HEADER.length - 256;

/** What beside the user's metadata may be there. */
const SYSTEM: ReadonlySet<string> = new Set(["format", "target"]);

/**
 * Metadata of an object; of one without, or with none that T4 wrote, there are no members. Pushes of 2019 wrote what the user says
 * as it is, other functions under `user_meta`.
 */
export function objectMetadata(headers: Readonly<Record<string, string>>): JsonObject {
  const text = headers[METADATA_HEADER];
  if (text === undefined) return new Map();
  try {
    const json = parseJson(text);
    if (!(json instanceof Map)) return new Map();
    const members = json as JsonObject;
    const isWrapped = members.has("user_meta") || [...members.keys()].every((name) => SYSTEM.has(name));
    return isWrapped ? members : new Map([["user_meta", members]]);
  } catch {
    // Another program's header of that name says nothing to us.
    return new Map();
  }
}

/** What the user says of an object; `{}` when there is nothing. */
export function userMetaIn(metadata: JsonObject): JsonOutput {
  return metaOutput(metadata.get("user_meta"));
}

/**
 * The header that gives an object metadata of the user; what else is there, such as the format, stays.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_META` when it is more than S3 takes.
 */
export function metadataHeader(meta: JsonInput, before: JsonObject): Readonly<Record<string, string>> {
  const members = new Map<string, Json>(before).set("user_meta", toJson(meta, before.get("user_meta")));
  // What a header cannot hold is escaped, as Python does.
  const text = writeJson(members).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  if (text.length <= MAX_BYTES) return { [METADATA_HEADER]: text };
  throw new T4Error(
    "ERR_T4_INVALID_META",
    `The metadata has ${text.length} bytes, more than the ${MAX_BYTES} of an object.`,
    {
      hint: "Keep it in a package, where metadata may have any length.",
      facts: { bytes: text.length, most: MAX_BYTES },
    },
  );
}
