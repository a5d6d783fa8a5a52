import { checkOptions } from "../check-options.js";
import type { Row } from "./index-file.js";
import { askIndex, INDEX_OPTIONS, type IndexOptions, limitOf } from "./open-index.js";
import { type FoundPackage, foundPackage } from "./search.js";
import { notUnderstood, parseWhere } from "./where.js";

/** Options of {@link find}. */
export interface FindOptions extends IndexOptions {
  /**
   * What must hold: `name`, `message`, `size` (bytes), `files` and `metadata.<path>`, compared with `=`, `!=`, `<`, `<=`, `>`, `>=`,
   * `like`, `in`, `is null`, joined with `and`, `or`, `not`. Default: all packages.
   */
  readonly where?: string;
}

/**
 * Finds packages of a registry by their names, where `*` stands for anything and `?` for one character, and by what holds of their latest
 * revisions; names ascending. From the same index as {@link search}, for the same cost.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a condition that cannot be understood, `ERR_T4_NOT_FOUND` when there is no such registry.
 *
 * @example
 * ```ts
 * import { find, Package } from "t4";
 * const pkg = (await new Package().setText("a.txt", "a")).setMeta({ species: "mouse", week: 3 });
 * await pkg.push("alice/brain", "./registry", { message: "First" });
 * const where = 'metadata.species = "mouse" and metadata.week >= 2 and size < 1e9';
 * for (const { name, topHash } of await find("alice/*", { registry: "./registry", where })) console.log(name, topHash);
 * ```
 */
export async function find(pattern = "*", options: FindOptions = {}): Promise<readonly FoundPackage[]> {
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
      if (error instanceof Error && /syntax error|near "|wrong number|incomplete/.test(error.message))
        throw notUnderstood(/near "(.*)":/.exec(error.message)?.[1] ?? where);
      throw error;
    }
  });
}
