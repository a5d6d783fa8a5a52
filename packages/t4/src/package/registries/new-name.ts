import { T4Error } from "../../base/errors.js";
import { newNameProblem, type PackageName } from "../../format/package-name.js";
import { pathOrUrl } from "../../format/physical-key.js";
import type { OpenRegistry } from "./opened-registry.js";

/**
 * Checks the name of a package that a registry has not yet. Costs one listing of the registry's packages.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_NAME` for a name that not everybody could use, or that differs only in case from
 * that of another package: on many disks both would be one directory.
 */
export async function requireNewName(registry: OpenRegistry, name: PackageName): Promise<void> {
  const problem = newNameProblem(name);
  if (problem !== undefined) {
    throw new T4Error("ERR_T4_INVALID_NAME", `No new package may be called ${JSON.stringify(name)}: ${problem}.`, {
      hint: "Use at most 100 of A-Z, a-z, 0-9, '_' and '-', with one '/' between author and package.",
      facts: { name },
    });
  }
  for await (const other of registry.packages()) {
    if (other === name || other.toLowerCase() !== name.toLowerCase()) continue;
    throw new T4Error(
      "ERR_T4_INVALID_NAME",
      `No new package may be called ${name}: there is ${other} in ${pathOrUrl(registry.url)}.`,
      {
        hint: `Push to ${other}, or choose a name that differs in more than case.`,
        facts: { name, other },
      },
    );
  }
}
