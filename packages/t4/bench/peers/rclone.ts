import { availableParallelism } from "node:os";
import type { Peer } from "./peer.js";

const WORKERS = String(4 * availableParallelism());

/** rclone between two local directories, without a configuration file; no history. It checks what it copies by MD5. */
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
    return {
      version: () => ({ command: [program, "version"] }),
      push: ({ data, work }) => ({ reset: [{ remove: work }], command: call("copy", data, work) }),
      install: ({ data, work }) => ({ reset: [{ remove: work }], command: call("copy", data, work) }),
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
