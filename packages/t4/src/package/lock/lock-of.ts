import { dirname, join } from "node:path";
import { checkOptions, LONG, TRUST } from "../check-options.js";
import { Package } from "../package.js";
import { pathOf } from "../sources/local-source.js";
import { addPin, findOutdated, updatePins } from "./change-lock.js";
import { findLock, LOCK_FILE } from "./find-lock.js";
import type { Lock } from "./lock.js";
import { requireInside } from "./lock-places.js";
import { pinOf, readLock, requirePin } from "./stored-lock.js";
import { verifyPin } from "./verify-pin.js";

/** The lock file of a directory, with what can be done with it. */
export function lockOf(directory: string): Lock {
  const start = pathOf(directory);
  const path = findLock(start) ?? join(start, LOCK_FILE);
  const file = { path, directory: dirname(path) };
  return {
    path,
    pins: async () => [...(await readLock(file)).values()].map((locked) => pinOf(locked, file)),
    async add(reference, options = {}) {
      checkOptions(options, ["registry", "dest", "dryRun"]);
      return addPin(file, reference, options);
    },
    outdated: () => findOutdated(file),
    async update(names, options = {}) {
      checkOptions(options, ["dryRun"]);
      return updatePins(file, names, options);
    },
    async browse(name, options = {}) {
      checkOptions(options, TRUST);
      const { dest: _, name: own, ...pin } = await requirePin(file, name);
      return Package.browse(own, { ...options, ...pin });
    },
    async install(name, options = {}) {
      checkOptions(options, [...TRUST, "dest", "path", "overwrite", "dryRun", "onReport", ...LONG]);
      const { dest: pinned, name: own, ...pin } = await requirePin(file, name);
      const { dest = pinned } = options;
      if (pinned !== undefined && options.dest === undefined) requireInside(pinned, { name, ...file });
      return Package.install(own, { ...options, ...(dest !== undefined && { dest }), ...pin });
    },
    async verify(name, options = {}) {
      checkOptions(options, LONG);
      return verifyPin(await requirePin(file, name), options);
    },
  };
}
