import type { Account } from "testkit/s3/account.js";
import type { ProfileName } from "testkit/s3/profiles.js";

/** The account that `scripts/engines/start.sh` makes. */
export const ENGINE_ACCOUNT: Account = {
  id: "t4",
  accessKeyId: "T4ENGINEACCESSKEY001",
  secretAccessKey: "t4-engine-secret-key-for-loopback-only-1",
};

/** An engine that runs, and the simulator's profile of it. */
export interface Engine {
  readonly name: string;
  readonly profile: ProfileName;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
}

const PROFILE_OF: Readonly<Record<string, ProfileName>> = {
  ceph: "ceph-16",
  minio: "minio",
  versitygw: "versitygw",
  moto: "moto",
};

/**
 * The engines of these names; `T4_ENGINES` says where they run: `name=url`, separated by spaces.
 *
 * @throws Error when one of them does not run: a test never leaves one out in silence.
 */
export function engines(...names: readonly string[]): Engine[] {
  const urls = new Map(
    (process.env["T4_ENGINES"] ?? "").split(" ").map((pair) => pair.split("=", 2) as [string, string]),
  );
  return names.map((name) => {
    const url = urls.get(name);
    if (url === undefined) throw new Error(`The engine ${name} does not run: start it as .ci/engines.sh does.`);
    return { name, url, profile: PROFILE_OF[name] ?? "aws" };
  });
}
