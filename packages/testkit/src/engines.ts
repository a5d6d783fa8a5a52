import type { Account } from "./s3/account.js";
import type { ProfileName } from "./s3/profiles.js";

/** The account that `scripts/engines/start.sh` makes. */
export const ENGINE_ACCOUNT: Account = {
  id: "t4",
  accessKeyId: "T4ENGINEACCESSKEY001",
  secretAccessKey: "t4-engine-secret-key-for-loopback-only-1",
};

const PROFILE_OF = {
  ceph: "ceph-16",
  "ceph-throttled": "ceph-16",
  minio: "minio",
  versitygw: "versitygw",
  moto: "moto",
} as const satisfies Readonly<Record<string, ProfileName>>;

/** An engine that `scripts/engines` can start. */
export type EngineName = keyof typeof PROFILE_OF;

/** An engine that runs, and the simulator's profile of it. */
export interface Engine {
  readonly name: EngineName;
  readonly profile: ProfileName;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
}

/**
 * The engines of these names; the environment's `T4_ENGINES` says where they run: `name=url`, separated by spaces.
 *
 * @throws Error when one of them does not run: a test never leaves one out in silence.
 */
export function engines(...names: readonly EngineName[]): Engine[] {
  const pairs = (process.env["T4_ENGINES"] ?? "").split(" ").map((pair) => pair.split("=", 2) as [string, string]);
  const urls = new Map(pairs);
  return names.map((name) => {
    const url = urls.get(name);
    if (url === undefined)
      throw new Error(`The engine ${name} does not run; .ci/engines.sh starts all and runs these tests.`);
    return { name, url, profile: PROFILE_OF[name] };
  });
}
