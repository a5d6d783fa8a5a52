import { checkOptions } from "../check-options.js";
import type { FindOptions } from "./find.js";
import { isDamage, isSqlite, type Row } from "./index-file.js";
import { askIndex, INDEX_OPTIONS, limitOf } from "./open-index.js";
import { foundPackage } from "./run-search.js";
import type { FoundPackage } from "./search.js";
import { notUnderstood, parseWhere } from "./where.js";

/** What `find` does. */
export async function runFind(pattern: string, options: FindOptions): Promise<readonly FoundPackage[]> {
  checkOptions(options, [...INDEX_OPTIONS, "where"]);
  const { where = "", ...rest } = options;
  const limit = limitOf(rest);
  const { sql, values } = parseWhere(where);
  // In GLOB, brackets are classes of characters, which no name has.
  const glob = pattern.replaceAll("[", "[[]");
  return askIndex(rest, (database) => {
    try {
      const statement = `SELECT * FROM packages WHERE name GLOB ? AND (${sql}) ORDER BY name LIMIT ?`;
      return (database.all(statement, [glob, ...values, limit]) as Row[]).map(foundPackage);
    } catch (error) {
      // The words are ours and the tables are sound: what is left is their order.
      if (isSqlite(error) && !isDamage(error)) throw notUnderstood(/near "(.*)":/.exec(error.message)?.[1] ?? where);
      throw error;
    }
  });
}
