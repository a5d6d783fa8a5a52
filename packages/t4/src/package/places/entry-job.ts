import { extname } from "node:path";
import type { Entry, ObjectHash } from "../../format/entry.js";
import { parsePhysicalKey } from "../../format/physical-key.js";
import { DEFAULT_HASH, type HashType, isHashType } from "../../hash/hasher.js";
import type { HashJob, Source } from "../../transfer/file-job.js";
import type { PackageState } from "../package-state.js";
import { localPathOf } from "../sources/file-access.js";
import { remoteSource } from "../sources/remote-source.js";
import type { Incoming } from "./data-place.js";

/** Where an entry's bytes are read. */
export function sourceOf(entry: Entry, { access }: Pick<PackageState, "access">): Source {
  if (entry.content !== undefined) return { content: entry.content };
  const key = parsePhysicalKey(entry.physicalKeys[0] ?? "");
  if (key.kind === "s3") return remoteSource(entry, key, access);
  return { path: localPathOf(entry, access), stamp: entry.stamp };
}

/** The hashes that are wanted of an entry's bytes: the default one, and that which it had. */
export function typesOf({ former }: Pick<Incoming, "former">): readonly HashType[] {
  const type = former?.hash?.type ?? "";
  return isHashType(type) && type !== DEFAULT_HASH ? [DEFAULT_HASH, type] : [DEFAULT_HASH];
}

/** Reads an entry's bytes for their hash. */
export function hashJob(incoming: Incoming, state: Pick<PackageState, "access">): HashJob<Source> {
  return { kind: "hash", source: sourceOf(incoming.entry, state), types: typesOf(incoming) };
}

/** An entry whose hash is known already. */
export function builtEntry({ entry, former }: Incoming): Entry | undefined {
  return entry.hash !== null && keepsType(entry.hash, former) ? plain(entry) : undefined;
}

/** An entry whose bytes the latest revision in the registry has. */
export function reusedEntry({ entry, former, held }: Incoming): Entry | undefined {
  if (held === undefined || entry.hash === null || !keepsType(entry.hash, former)) return undefined;
  return plain({ ...entry, physicalKeys: held.physicalKeys });
}

/** Whether an entry's hash is of the type that it had: else it must be read to see whether it changed. */
export function keepsType(hash: ObjectHash, former: Entry | undefined): boolean {
  return former?.hash == null || former.hash.type === hash.type || !isHashType(former.hash.type);
}

/** An entry as manifests have it: without what only `set` knew. */
export function plain({ logicalKey, physicalKeys, size, hash, meta }: Entry): Entry {
  return { logicalKey, physicalKeys, size, hash, meta };
}

/** A file's ending, which tools go by; nothing unusual, since it becomes part of an object's name. */
export function extensionOf({ logicalKey }: Entry): string {
  const gz = /\.gz$/i.test(logicalKey) ? extname(logicalKey.slice(0, -3)) : "";
  const extension = gz + extname(logicalKey);
  return /^(?:\.[A-Za-z0-9_-]{1,16}){1,2}$/.test(extension) ? extension : "";
}
