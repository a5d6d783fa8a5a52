import type { Entry } from "../../format/entry.js";
import type { PackageName } from "../../format/package-name.js";
import type { Job } from "../../transfer/file-job.js";
import type { PushOptions } from "../package-options.js";
import type { PackageState } from "../package-state.js";
import type { FileAccess } from "../sources/file-access.js";
import type { RegistryCheck } from "./registry-check.js";

/** Where a registry keeps the bytes of its packages: a folder or a bucket. */
export interface DataPlace {
  /** What packages of the registry may lead to. */
  readonly access: FileAccess;
  /** Refuses a registry that is not there, as far as that can be seen without asking anybody. */
  requireThere(): void;
  /** Refuses also a place in which nobody has made a registry yet, for who looks after one. */
  requireMade(): void;
  /** Finds out what the place can do, by trying. */
  inspect(): Promise<readonly RegistryCheck[]>;
  /** Gets ready to take a package's bytes. */
  open(options: StoreOptions): Promise<StorePlace>;
}

/** Whose bytes are taken, and which of them. */
export interface StoreOptions extends Pick<PushOptions, "copy" | "select" | "dest"> {
  readonly name: PackageName;
}

/** An entry on its way into a manifest. */
export interface Incoming {
  readonly entry: Entry;
  /** What the entry was in the revision that the package stands on. */
  readonly former: Entry | undefined;
  /** What the latest revision in the registry has at its key. */
  readonly held: Entry | undefined;
}

/** What is to be done for an entry: nothing, as it enters the manifest like this; or a job. */
export type Plan = { readonly ready: Entry } | { readonly job: Job };

/** A place that takes bytes. */
export interface StorePlace {
  /** Whether a file's place depends on its hash, or on what is there: files are hashed before they are brought. */
  readonly needsHashes: boolean;
  plan(incoming: Incoming, state: Pick<PackageState, "access">): Plan;
  /** Puts the names of all files that `plan` found on the disk: whoever stored them may be just about to. */
  flushFound(): void;
  /** Says that what was brought is published. */
  published(): void;
}
