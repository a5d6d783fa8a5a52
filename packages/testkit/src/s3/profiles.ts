import type { Deviation } from "./deviations.js";

/** How each kind of engine differs from Amazon S3; the contract suite holds the simulator and the real engine to the same list. */
export const PROFILES = {
  aws: [],
  "ceph-16": [
    "create-ignored-when-versioned",
    "match-quoted-refused",
    "match-refused-when-versioned",
    "match-missing-is-412",
    "complete-conditions-ignored",
    "complete-etag-empty",
    "copy-conditions-ignored",
    "copy-source-conditions-ignored",
    "delete-conditions-ignored",
    "checksums-unchecked",
    "checksums-dropped",
    "no-default-checksum",
    "part-sizes-untold",
    "copy-checksums-untold",
    "part-copy-checksums-untold",
  ],
  "ceph-18": [
    "create-ignored-when-versioned",
    "match-quoted-refused",
    "match-refused-when-versioned",
    "match-missing-is-412",
    "complete-conditions-ignored",
    "copy-conditions-ignored",
    "delete-conditions-ignored",
    "checksums-unchecked",
    "checksums-dropped",
    "no-default-checksum",
    "part-sizes-untold",
    "copy-checksums-untold",
    "part-copy-checksums-untold",
  ],
  "ceph-20": [
    "races-lost-when-versioned",
    "copy-conditions-ignored",
    "checksums-unchecked",
    "checksums-dropped",
    "no-default-checksum",
    "part-sizes-untold",
    "copy-checksums-untold",
    "part-copy-checksums-untold",
  ],
  minio: [
    "copy-conditions-ignored",
    "delete-conditions-ignored",
    "no-default-checksum",
    "copy-checksums-untold",
    "part-copy-checksums-refused",
    "folders-hide-keys",
    "path-keys-refused",
    "long-names-refused",
  ],
  versitygw: [
    "create-after-delete-refused",
    "copy-conditions-ignored",
    "part-copy-checksums-of-source",
    "part-sizes-untold",
    "cut-put-stored",
    "folders-hide-keys",
    "path-keys-refused",
    "trailing-slash-refused",
    "long-names-refused",
    "listings-unencoded",
  ],
  moto: [
    "races-lost-at-times",
    "copy-conditions-ignored",
    "copy-source-conditions-ignored",
    "checksums-unchecked",
    "checksums-dropped",
    "md5-unchecked",
    "no-default-checksum",
    "part-sizes-untold",
    "part-copy-checksums-untold",
    "signatures-unchecked",
    "suspended-forgets",
  ],
  "no-conditions": [
    "create-ignored",
    "match-ignored",
    "complete-conditions-ignored",
    "copy-conditions-ignored",
    "delete-conditions-ignored",
  ],
  unversioned: ["no-versioning"],
} as const satisfies Readonly<Record<string, readonly Deviation[]>>;

/** Name of a profile. */
export type ProfileName = keyof typeof PROFILES;

/** The deviations of one kind of engine. */
export function deviationsOf(profile: ProfileName): ReadonlySet<Deviation> {
  return new Set<Deviation>(PROFILES[profile]);
}
