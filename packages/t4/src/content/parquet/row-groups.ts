import type { RowGroup } from "hyparquet";
import { mayHold } from "../filter.js";
import type { Condition, RowFilter } from "../format.js";

/** Whether a row group may have rows that fulfil a filter, as far as the statistics in the footer tell. */
export function mayMatch(group: RowGroup, filter: RowFilter): boolean {
  return Object.entries(filter).every(([name, condition]) => {
    const chunk = group.columns.find(
      ({ meta_data: data }) => data?.path_in_schema.length === 1 && data.path_in_schema[0] === name,
    );
    return mayHoldIn(chunk?.meta_data, condition);
  });
}

/** Only of these the statistics are the values themselves, in the order in which we compare. */
const COMPARED: ReadonlySet<string> = new Set(["BOOLEAN", "INT32", "INT64", "FLOAT", "DOUBLE", "BYTE_ARRAY"]);
const ASCII = /^[\u0000-\u007f]*$/;

function mayHoldIn(data: RowGroup["columns"][number]["meta_data"], condition: Condition): boolean {
  const { min_value: least, max_value: most } = data?.statistics ?? {};
  if (least === undefined || most === undefined || !COMPARED.has(data?.type ?? "")) return true;
  // Texts are ordered by bytes in the file, by UTF-16 here: only of ASCII it is the same.
  if ([least, most].some((bound) => typeof bound === "string" && !ASCII.test(bound))) return true;
  return mayHold(condition, least, most);
}
