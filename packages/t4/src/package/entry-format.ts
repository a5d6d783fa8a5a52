import type { FormatOptions } from "../content/format.js";
import { formatFor } from "../content/formats.js";
import type { Entry } from "../format/entry.js";
import type { Json, JsonObject } from "../format/json-value.js";

/**
 * The format that an entry's metadata names, else the one of its ending.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when no format fits.
 */
export function formatOf({ logicalKey, meta }: Pick<Entry, "logicalKey" | "meta">): FormatOptions {
  return formatFor(logicalKey, nameIn(meta));
}

function nameIn(meta: Json): string | undefined {
  if (!(meta instanceof Map)) return undefined;
  const format = (meta as JsonObject).get("format");
  const name = format instanceof Map ? (format as JsonObject).get("name") : (meta as JsonObject).get("target");
  return typeof name === "string" ? name : undefined;
}
