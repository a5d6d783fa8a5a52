import type { KeyValue } from "hyparquet";
import { mapConcurrent } from "../../base/concurrency.js";
import { parquet } from "../../content/formats/parquet.js";
import { readFooter } from "../../content/parquet/footer.js";
import { READS_AT_ONCE } from "../sql/registry-revisions.js";
import { type Destination, openObject } from "./destination.js";
import { PART_ID } from "./export-target.js";

/** The top hashes in Parquet files of an export. Costs two reads for each: of a large one its end and this column. */
export async function hashesIn(
  destination: Destination,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const hashes = new Set<string>();
  const read = async (key: string): Promise<void> => {
    const table = await parquet.table({ path: key, random: () => openObject(destination, key) });
    for await (const rows of table.rows({ columns: ["top_hash"], filter: {}, limit: undefined })) {
      for (const row of rows) hashes.add(String(row["top_hash"]));
    }
  };
  for await (const _ of mapConcurrent(keys, read, { concurrency: READS_AT_ONCE, signal }));
  return hashes;
}

/** Which part a Parquet file of an export is; `undefined`: it does not say so. */
export async function partIdOf(destination: Destination, key: string): Promise<string | undefined> {
  const { key_value_metadata: said = [] } = await readFooter(await openObject(destination, key));
  return said.find((each: KeyValue) => each.key === PART_ID)?.value;
}
