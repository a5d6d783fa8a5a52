import type { RegistryContext } from "./context.js";
import type { Finding } from "./findings.js";
import { checkManifests } from "./fsck-manifests.js";
import { checkObjects } from "./fsck-objects.js";
import { checkPointers } from "./fsck-pointers.js";
import { type FsckOptions, startCheck } from "./fsck-report.js";
import { checkOperations, checkTemporary, checkTurns } from "./fsck-state.js";
import { withOwnDirectories } from "./own-directories.js";

/**
 * Checks a registry: pointers, manifests, keys, objects, and what T4 keeps for itself. A second run after a repair finds
 * only what cannot be mended.
 *
 * Repairs are safe beside running pushes: each is a compare-and-swap against what was found, a write that overwrites
 * nothing, or a move into quarantine of exactly the file that was found; the record of a turn, which no push changes, is
 * written anew. Nothing is deleted.
 *
 * Costs one pass over all manifests and one `stat` per object, or with `readData` one read of all data.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE` when it is to repair and a directory of the registry is a link: what is behind it may
 * be anybody's.
 */
export async function fsck(context: RegistryContext, options: FsckOptions = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  const check = startCheck(options.repair === true ? await withOwnDirectories(context) : context, options, findings);
  const objects = await checkObjects(check);
  const whole = await checkManifests(check, objects);
  await objects.reportUnused();
  const operations = await checkOperations(check);
  await checkPointers(check, { whole, operations });
  await checkTurns(check);
  await checkTemporary(check);
  return findings;
}
