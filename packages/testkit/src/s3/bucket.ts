import type { Checksum } from "./checksum.js";
import { compareKeys } from "./key-order.js";
import type { Headers } from "./message.js";
import type { MultipartUpload } from "./multipart-upload.js";
import type { Policy } from "./policy.js";

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` is what unversioned and suspended buckets write. */
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  readonly body: Uint8Array;
  /** In quotes. */
  readonly etag: string;
  /** Content headers and user metadata, as they are given back. */
  readonly headers: Headers;
  readonly checksum: Checksum | undefined;
  /** Sizes of the parts of a multipart object. */
  readonly partSizes: readonly number[] | undefined;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** Whether new versions are kept. */
export type Versioning = "Enabled" | "Suspended" | undefined;

/** One bucket and what is in it. */
export interface Bucket {
  readonly name: string;
  /** Account id. */
  readonly owner: string;
  readonly region: string;
  readonly createdMs: number;
  versioning: Versioning;
  policy: Policy | undefined;
  readonly uploads: Map<string, MultipartUpload>;
  readonly objects: ObjectTable;
}

/** All versions of all objects of a bucket. */
export class ObjectTable {
  /** Oldest version first. */
  private readonly versions = new Map<string, ObjectVersion[]>();
  private sorted: string[] | undefined;

  /** Keys that have a version, in the order of listings. */
  keys(): readonly string[] {
    this.sorted ??= [...this.versions.keys()].sort(compareKeys);
    return this.sorted;
  }

  /** Versions of a key, newest first. */
  history(key: string): readonly ObjectVersion[] {
    return this.versions.get(key)?.toReversed() ?? [];
  }

  /** The newest version, be it a delete marker. */
  newest(key: string): ObjectVersion | undefined {
    return this.versions.get(key)?.at(-1);
  }

  /** The present object, if the key has one. */
  present(key: string): ObjectVersion | undefined {
    const newest = this.newest(key);
    return newest?.isDeleteMarker === true ? undefined : newest;
  }

  find(key: string, versionId: string): ObjectVersion | undefined {
    return this.versions.get(key)?.find((version) => version.versionId === versionId);
  }

  /** Adds a version as the newest; a version with the same id (`null`) goes. */
  add(version: ObjectVersion): void {
    const known = this.versions.get(version.key);
    if (known === undefined) this.sorted = undefined;
    this.versions.set(version.key, [
      ...(known ?? []).filter(({ versionId }) => versionId !== version.versionId),
      version,
    ]);
  }

  /** Removes one version for good. */
  remove(key: string, versionId: string): void {
    const left = (this.versions.get(key) ?? []).filter((version) => version.versionId !== versionId);
    if (left.length > 0) this.versions.set(key, left);
    else if (this.versions.delete(key)) this.sorted = undefined;
  }
}
