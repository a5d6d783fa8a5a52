import { LOCKS, MANIFESTS, OBJECTS, OPERATIONS, POINTERS, QUARANTINE, TEMPORARY } from "../format/registry-layout.js";
import type { RegistryContext } from "./context.js";

/** All that is listed to be removed or moved, and where it is moved to. */
const LISTED = [MANIFESTS, POINTERS, OBJECTS, TEMPORARY, LOCKS, OPERATIONS, QUARANTINE];

/**
 * The registry for those who remove and move what they list in it: links to directories, which may lead to other people's
 * files or to the objects of another registry, are refused before anything is done, and wherever one turns up later.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE` when a directory of the registry is a link.
 */
export async function withOwnDirectories(context: RegistryContext): Promise<RegistryContext> {
  const { store } = context;
  if (store.inBucket !== undefined) return context;
  const own: RegistryContext = {
    ...context,
    store: { ...store, list: (prefix, options) => store.list(prefix, { ...options, refuseLinks: true }) },
  };
  for (const prefix of LISTED) for await (const _ of own.store.list(prefix, { delimiter: "/" })) break;
  return own;
}
