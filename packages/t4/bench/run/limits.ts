import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { BENCH } from "../paths.js";
import { freshBucket, s3Of } from "../peers/bucket.js";
import type { Place } from "../peers/peer.js";
import { cold } from "./contenders.js";
import type { Absent, Contender, Job } from "./plan.js";

const shell = (script: string, ...args: readonly string[]): string[] => ["sh", "-c", script, "sh", ...args];

/** The names that targets are held against. */
export const LIMIT = {
  node: "node -e 0",
  openssl: "openssl dgst -sha256",
  opensslAllCores: "openssl dgst -sha256, all cores",
  copy: "cp -r",
  copyThenFlush: "cp -r, then sync -f",
  copyThenHash: "cp -r, then openssl",
  clone: "cp -r --reflink=always",
  find: "find -printf",
  lines: "wc -l",
  requests: "raw requests",
} as const;

/** Bare Node: no program in it can start faster. */
export const node = (): Contender => cold(LIMIT.node, "limit", { command: [process.execPath, "-e", "0"] });

/** Hashes all files, one after another. Not `sha256sum`: that of some systems does not use the processor's own instructions. */
export const openssl = (data: string): Contender =>
  cold(LIMIT.openssl, "limit", {
    command: shell('find "$1" -type f -print0 | xargs -0 openssl dgst -sha256', data),
  });

/** Hashes all files with one process per core. */
export const opensslAllCores = (data: string): Contender =>
  cold(LIMIT.opensslAllCores, "limit", {
    command: shell(
      'find "$1" -type f -print0 | xargs -0 -n "$2" -P "$3" openssl dgst -sha256',
      data,
      "1",
      String(availableParallelism()),
    ),
  });

/** Asks for each file's size and time, reads none. */
export const find = (data: string): Contender =>
  cold(LIMIT.find, "limit", { command: ["find", data, "-type", "f", "-printf", "%s %T@ %i %p\\n"] });

/** Reads all bytes of a file and counts lines. */
export const lines = (file: string): Contender => cold(LIMIT.lines, "limit", { command: ["wc", "-l", file] });

/** One signed request a file, nothing hashed twice, nothing remembered. */
export const rawPuts = (place: Place): Contender => cold(LIMIT.requests, "limit", putAll(place));

/** The same for reading: the bytes are written where they belong, and not checked. */
export const rawGets = (place: Place): Contender => {
  const to = `${place.work}-raw`;
  const { reset = [], command } = putAll(place);
  return cold(LIMIT.requests, "limit", {
    prepare: [...reset, { run: command }],
    reset: [{ remove: to }],
    command: rawRequests("get", { ...place, data: to }),
    usesS3: true,
  });
};

const putAll = (place: Place): Job => ({
  reset: [freshBucket(place)],
  command: rawRequests("put", place),
  usesS3: true,
});

function rawRequests(verb: "put" | "get", place: Place): string[] {
  const { endpoint, bucket } = s3Of(place);
  return [process.execPath, join(BENCH, "lib/programs/raw-requests.js"), verb, place.data, endpoint, bucket];
}

/** The copies: plain, flushed to the disk, hashed afterwards, and with shared blocks where the file system has them. */
export function copies(data: string, work: string): readonly (Contender | Absent)[] {
  const to = `${work}-copy`;
  const reset = [{ remove: to }];
  return [
    cold(LIMIT.copy, "limit", { reset, command: ["cp", "-r", data, to] }),
    cold(LIMIT.copyThenFlush, "limit", { reset, command: shell('cp -r "$1" "$2" && sync -f "$2"', data, to) }),
    cold(LIMIT.copyThenHash, "limit", {
      reset,
      command: shell('cp -r "$1" "$2" && find "$2" -type f -print0 | xargs -0 openssl dgst -sha256', data, to),
    }),
    canClone(work)
      ? cold(LIMIT.clone, "limit", { reset, command: ["cp", "-r", "--reflink=always", data, to] })
      : { name: LIMIT.clone, role: "limit", absent: "not on this file system" },
  ];
}

function canClone(work: string): boolean {
  const directory = `${work}-clone`;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "a"), "a");
  const { status } = spawnSync("cp", ["--reflink=always", join(directory, "a"), join(directory, "b")]);
  rmSync(directory, { recursive: true });
  return status === 0;
}
