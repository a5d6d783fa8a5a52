import type { Deviation } from "./deviations.js";

/** How each kind of engine differs from Amazon S3; the contract suite holds the simulator and the real engine to the same list. */
export const PROFILES = {
  aws: [],
  "ceph-16": [
    "create-ignored-when-versioned",
    "match-quoted-refused",
    "match-refused-when-versioned",
    "complete-conditions-ignored",
    "copy-conditions-ignored",
    "delete-conditions-ignored",
    "checksums-unchecked",
    "checksums-dropped",
    "no-default-checksum",
  ],
  minio: ["complete-conditions-ignored", "delete-conditions-ignored", "no-default-checksum"],
  versitygw: ["create-after-delete-refused", "cut-put-stored", "no-default-checksum"],
  moto: ["checksums-unchecked", "signatures-unchecked", "no-default-checksum"],
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
