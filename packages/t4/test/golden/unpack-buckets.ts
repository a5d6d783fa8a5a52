import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Simulator } from "testkit/s3/simulator.js";
import { temporaryDirectory } from "../temporary.js";

/** An object as a real client left it in a bucket. */
interface ObjectOf {
  readonly bucket: string;
  readonly key: string;
  /** `null` in buckets without versions. */
  readonly version_id: string | null;
  readonly delete_marker: boolean;
  readonly size: number;
  readonly sha256: string;
  readonly etag?: string;
  readonly "x-amz-checksum-sha256"?: string | null;
  /** Not of delete markers, which have nothing but a key and a version. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Buckets as a real client left them. */
export interface BucketsOf {
  readonly name: string;
  readonly generator: { readonly A: number; readonly S: number };
  readonly objects: readonly ObjectOf[];
}

const BLOCK = 65_521;

/** Fills a simulator with the buckets that a real client left. */
export function unpackBuckets(name: string, simulator: Simulator): BucketsOf {
  const root = temporaryDirectory();
  execFileSync("tar", ["xzf", fileURLToPath(new URL(`../vectors/${name}.tar.gz`, import.meta.url)), "-C", root]);
  const index = JSON.parse(readFileSync(join(root, "index.json"), "utf8")) as BucketsOf;
  const { A, S } = index.generator;
  const block = Uint8Array.from({ length: BLOCK }, (_, i) => (A * i * i + 7 * i + S) % 256);
  const bodyOf = ({ sha256, size }: ObjectOf): Uint8Array => {
    const path = join(root, "objects", sha256);
    return existsSync(path) ? readFileSync(path) : Buffer.alloc(size, block);
  };
  // Ids of versions count up.
  const inOrder = index.objects.toSorted((a, b) => ((a.version_id ?? "") < (b.version_id ?? "") ? -1 : 1));
  for (const bucket of new Set(inOrder.map((object) => object.bucket))) {
    const isVersioned = inOrder.some((object) => object.bucket === bucket && object.version_id !== null);
    simulator.createBucket(bucket, isVersioned ? { versioning: "Enabled" } : {});
  }
  for (const object of inOrder) {
    const sum = object["x-amz-checksum-sha256"] ?? null;
    const type = sum?.includes("-") === true ? ("COMPOSITE" as const) : ("FULL_OBJECT" as const);
    simulator.bucket(object.bucket).objects.add({
      key: object.key,
      versionId: object.version_id ?? "null",
      isDeleteMarker: object.delete_marker,
      body: object.delete_marker ? new Uint8Array(0) : bodyOf(object),
      etag: object.etag ?? "",
      headers: Object.fromEntries(
        Object.entries(object.metadata ?? {}).map(([key, value]) => [`x-amz-meta-${key}`, value]),
      ),
      checksum: sum === null ? undefined : { name: "sha256", value: sum, type },
      partSizes: undefined,
      modifiedMs: simulator.now(),
    });
  }
  return index;
}
