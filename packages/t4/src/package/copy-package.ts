import { parseReference } from "../format/reference.js";
import { checkOptions, LONG, TRUST } from "./check-options.js";
import { copyHistory } from "./copy-history.js";
import type { CopyOptions, CopyReport } from "./package-options.js";
import { requireTopHash } from "./package-state.js";
import { publish } from "./publish.js";
import { openRevision } from "./registries/open-revision.js";
import { openLocation } from "./registries/registry-location.js";

/**
 * Copies a revision, or with `history` all of a package, to another registry, folder or bucket, under the same top hashes: files,
 * metadata, message and what it says of a workflow stay as they are. Tags are not copied.
 *
 * Bytes that the other registry's server can copy itself do not pass here; all others are verified on their way. Broken off, it goes on
 * where it stopped when it is called again: each revision is there whole or not at all.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT` when the other registry has a revision that does not come before, or with `history`
 * another history; `ERR_T4_UNSUPPORTED` when the top hash cannot be kept, as T4 cannot compute the kind of hash that it stands on;
 * `ERR_T4_WORKFLOW` when a rule of the other registry is broken. Nothing more is published then.
 *
 * @example
 * ```ts
 * import { copyPackage, Package } from "t4";
 * await (await new Package().setText("a.txt", "a")).push("alice/notes", "./registry", { message: "First" });
 * const { topHash, copied } = await copyPackage("alice/notes", "./archive", { registry: "./registry", history: true });
 * console.assert(copied.at(-1) === topHash);
 * ```
 */
export async function copyPackage(reference: string, to: string, options: CopyOptions = {}): Promise<CopyReport> {
  checkOptions(options, ["registry", "history", "force", "dryRun", ...TRUST, ...LONG]);
  return options.history === true ? copyHistory(reference, to, options) : copyRevision(reference, to, options);
}

async function copyRevision(text: string, to: string, options: CopyOptions): Promise<CopyReport> {
  const { name } = parseReference(text);
  const { force = false, dryRun, signal, onProgress } = options;
  const { state } = await openRevision(text, options);
  const registry = await openLocation(to);
  const original = { topHash: requireTopHash(state) };
  const request = { name, registry, force, dedupe: !force, dryRun, signal, onProgress, original };
  const { report } = await publish(state, request);
  return { ...report, copied: report.isPublished ? [report.topHash] : [] };
}
