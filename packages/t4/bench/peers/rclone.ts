import { availableParallelism } from "node:os";
import { freshBucket, s3Of } from "./bucket.js";
import type { Peer, Place } from "./peer.js";

const WORKERS = String(4 * availableParallelism());

/** rclone between two places, without a configuration file; no history. It checks what it copies by MD5. */
export const rclone: Peer = {
  name: "rclone",
  install: "apt install rclone",
  program: "rclone",
  version: (program) => [program, "version"],
  jobs: (program) => {
    const call = (...args: readonly string[]): string[] => [
      program,
      "--config=",
      `--transfers=${WORKERS}`,
      `--checkers=${WORKERS}`,
      ...args,
    ];
    const remote = (place: Place): string =>
      `:s3,provider=Minio,env_auth=true,endpoint='${s3Of(place).endpoint}':${s3Of(place).bucket}`;
    return {
      version: () => ({ command: [program, "version"] }),
      push: ({ data, work }) => ({ reset: [{ remove: work }], command: call("copy", data, work) }),
      install: ({ data, work }) => ({ reset: [{ remove: work }], command: call("copy", data, work) }),
      pushS3: (place) => ({
        reset: [freshBucket(place)],
        command: call("copy", place.data, remote(place)),
        usesS3: true,
      }),
      installS3: (place) => ({
        prepare: [freshBucket(place), { run: call("copy", place.data, remote(place)) }],
        reset: [{ remove: place.work }],
        command: call("copy", remote(place), place.work),
        usesS3: true,
      }),
      installPath: ({ data, work, path = "" }) => ({
        reset: [{ remove: work }],
        command: call("copy", `${data}/${path}`, work),
      }),
      verify: ({ data, work }) => ({
        prepare: [{ run: call("copy", data, work) }],
        command: call("check", data, work),
      }),
    };
  },
};
