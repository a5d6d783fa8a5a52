import type { FoundPackage, IndexOptions } from "./search.js";

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
  return (await import("./run-find.js")).runFind(pattern, options);
}
