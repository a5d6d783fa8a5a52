import type { Database } from "node-sqlite3-wasm";
import { T4Error } from "../../base/errors.js";
import { pathOrUrl } from "../../format/physical-key.js";
import { openLocation } from "../registries/registry-location.js";
import { indexFile } from "./index-file.js";
import type { IndexOptions } from "./search.js";
import { updateIndex } from "./update-index.js";

/** The names of {@link IndexOptions}. */
export const INDEX_OPTIONS = ["registry", "cached", "limit", "onUpdate", "signal"] as const;

/** Most answers that are wanted. */
export function limitOf({ limit = 20 }: Pick<IndexOptions, "limit">): number {
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw new T4Error("ERR_T4_USAGE", `Expected a limit of at least 1, got ${String(limit)}.`, {
    hint: "It is a whole number of packages.",
  });
}

/** Asks the index of a registry, after it was brought up to date. */
export async function askIndex<Answer>(options: IndexOptions, ask: (database: Database) => Answer): Promise<Answer> {
  const registry = await openLocation(options.registry);
  const file = indexFile(registry.identity);
  // What was asked is wrapped: an answer of nothing is no missing index.
  const read = async (): Promise<{ readonly answer: Answer } | undefined> =>
    file.read((database) => ({ answer: ask(database) }));
  const early = options.cached === true ? await read() : undefined;
  if (early !== undefined) return early.answer;
  registry.place.requireThere();
  await updateIndex(file, registry, options);
  const found = await read();
  if (found !== undefined) return found.answer;
  // Nothing was written for a registry without packages.
  await file.change(async () => undefined);
  const empty = await read();
  if (empty !== undefined) return empty.answer;
  throw new T4Error("ERR_T4_IO", `The search index of ${pathOrUrl(registry.url)} cannot be read back.`, {
    hint: "Is the disk of your cache full? XDG_CACHE_HOME names another place.",
  });
}
