import type { Deserializer } from "../content/format.js";
import type { Package } from "./package.js";
import type { PackageEntry } from "./package-entry.js";

/** An entry of which is known what `deserialize` gives. */
export interface TypedEntry<Value> extends PackageEntry {
  /**
   * Reads the file as what its declaration says; with a function, as what that makes of it. See {@link PackageEntry.deserialize}.
   *
   * @example
   * ```ts
   * import type { TypedEntry } from "t4";
   * async function cities(entry: TypedEntry<Record<"city", string>[]>): Promise<string[]> {
   *   return (await entry.deserialize()).map(({ city }) => city);
   * }
   * ```
   */
  deserialize(): Promise<Value>;
  deserialize(read: Deserializer | undefined): Promise<unknown>;
}

/** A package of which is known what files it has, as {@link packageTypes} declares it: `Files` has a member for each. */
export interface TypedPackage<Files> extends Package {
  /**
   * The entry of a file that the package has. See {@link Package.entry}.
   *
   * @example
   * ```ts
   * import type { TypedPackage } from "t4";
   * function readme(pkg: TypedPackage<{ "readme.md": string }>): Promise<string> {
   *   return pkg.entry("readme.md").deserialize();
   * }
   * ```
   */
  entry<Key extends keyof Files & string>(logicalKey: Key): TypedEntry<Files[Key]>;
}

/** Options of {@link packageTypes}. */
export interface PackageTypesOptions {
  /** Whether packages are imported by Node, or by pages that Vite builds. Default `"node"`. */
  readonly target?: "node" | "page";
}

/**
 * Declarations for `import pkg from "t4:<author>/<package>"`: the package's files, and of tables (of all formats but JSON) the columns.
 * Text for a `.d.ts` file, the same for the same package.
 *
 * Costs a small read for each table. Of more than 10,000 files none is named.
 *
 * @example
 * ```ts
 * import { Package, packageTypes } from "t4";
 * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\n");
 * await pkg.push("alice/weather", "./registry");
 * console.log(await packageTypes("alice/weather", pkg)); // … "cities.csv": { "city": string | null; … }[]; …
 * ```
 */
export async function packageTypes(name: string, pkg: Package, options: PackageTypesOptions = {}): Promise<string> {
  return (await import("./declare-package.js")).declarePackage(name, pkg, options);
}
