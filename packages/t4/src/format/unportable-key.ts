import { foldKey, keyFault } from "./portable-key.js";

/** A logical key of which some systems can make no file. */
export interface UnportableKey {
  /** The key. */
  readonly logicalKey: string;
  /** Where a package with it cannot be installed whole. */
  readonly on: "any system" | "Windows" | "Windows and macOS";
  /** Why, as the end of a sentence. */
  readonly reason: string;
}

/**
 * Finds keys of which some systems can make no file, so that a package can be mended before others meet it; installing it
 * whole is refused there, while all other files can be installed by their paths.
 *
 * Costs about a microsecond for each key.
 *
 * @param keys - The keys to judge.
 * @param among - All keys of the package: two that differ only in case or in the form of accents are one file on Windows and
 * macOS. Default: `keys`.
 * @example
 * ```ts
 * import { Package, unportableKeys } from "t4";
 *
 * const pkg = new Package();
 * await pkg.setText("notes/aux.txt", "for the output jack");
 * console.log(unportableKeys(pkg.keys()));
 * // [{ logicalKey: "notes/aux.txt", on: "Windows", reason: "'aux.txt' is a device on Windows" }]
 * ```
 */
export function unportableKeys(keys: Iterable<string>, among?: Iterable<string>): readonly UnportableKey[] {
  const judged = [...keys];
  const twins = twinsOf(judged, among ?? judged);
  return judged.flatMap((logicalKey): UnportableKey[] => {
    // What no system takes, Windows does not take either.
    const fault = keyFault(logicalKey, "win32");
    if (fault !== undefined)
      return [{ logicalKey, on: fault.kind === "name" ? "Windows" : "any system", reason: fault.reason }];
    const twin = twins.get(foldKey(logicalKey))?.find((key) => key !== logicalKey);
    if (twin === undefined) return [];
    return [{ logicalKey, on: "Windows and macOS", reason: `it is one file with ${JSON.stringify(twin)}` }];
  });
}

/** The keys that are each of those judged where names fold, by their common form. */
function twinsOf(judged: readonly string[], among: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const twins = new Map(judged.map((key) => [foldKey(key), [] as string[]]));
  for (const key of among) twins.get(foldKey(key))?.push(key);
  return twins;
}
