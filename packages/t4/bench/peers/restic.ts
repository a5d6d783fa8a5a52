import type { Step } from "../run/plan.js";
import { freshBucket, s3Of } from "./bucket.js";
import type { Peer, Place } from "./peer.js";

/** restic with a local repository: cuts files by content, encrypts and copies. The password comes from the environment. */
export const restic: Peer = {
  name: "restic",
  install: "apt install restic",
  program: "restic",
  version: (program) => [program, "version"],
  jobs: (program) => {
    const call = (repository: string, ...args: readonly string[]): string[] => [
      program,
      "-q",
      "-r",
      repository,
      ...args,
    ];
    const fresh = (repository: string): Step[] => [{ remove: repository }, { run: call(repository, "init") }];
    const backup = (repository: string, data: string): string[] => call(repository, "backup", data);
    const s3 = (place: Place): string => `s3:${s3Of(place).endpoint}/${s3Of(place).bucket}`;
    const freshS3 = (place: Place): Step[] => [freshBucket(place), { run: call(s3(place), "init") }];
    return {
      version: () => ({ command: [program, "version"] }),
      build: ({ data, work }) => ({ reset: fresh(work), command: backup(work, data) }),
      push: ({ data, work }) => ({ reset: fresh(work), command: backup(work, data) }),
      pushS3: (place) => ({ reset: freshS3(place), command: backup(s3(place), place.data), usesS3: true }),
      installS3: (place) => ({
        prepare: [...freshS3(place), { run: backup(s3(place), place.data) }],
        reset: [{ remove: `${place.work}-out` }],
        command: call(s3(place), "restore", "latest", "--target", `${place.work}-out`),
        usesS3: true,
      }),
      install: ({ data, work }) => ({
        prepare: [...fresh(work), { run: backup(work, data) }],
        reset: [{ remove: `${work}-out` }],
        command: call(work, "restore", "latest", "--target", `${work}-out`),
      }),
      installPath: ({ data, work, path = "" }) => ({
        prepare: [...fresh(work), { run: backup(work, data) }],
        reset: [{ remove: `${work}-out` }],
        command: call(work, "restore", "latest", "--target", `${work}-out`, "--include", `${data}/${path}`),
      }),
      verify: ({ data, work }) => ({
        prepare: [...fresh(work), { run: backup(work, data) }],
        command: call(work, "check", "--read-data"),
      }),
    };
  },
};
