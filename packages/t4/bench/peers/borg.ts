import type { Step } from "../run/plan.js";
import type { Peer } from "./peer.js";

/** Borg with a local repository, without encryption: cuts files by content, compresses with lz4 and copies. */
export const borg: Peer = {
  name: "borg",
  install: "apt install borgbackup",
  program: "borg",
  version: (program) => [program, "--version"],
  cannot: { pushS3: "has no S3", installS3: "has no S3" },
  jobs: (program) => {
    const fresh = (repository: string): Step[] => [
      { remove: repository },
      { run: [program, "init", "--encryption", "none", repository] },
    ];
    const create = (repository: string, data: string): string[] => [
      program,
      "create",
      `${repository}::{now:%s.%f}`,
      data,
    ];
    const stored = (repository: string, data: string): Step[] => [
      ...fresh(repository),
      { run: [program, "create", `${repository}::only`, data] },
    ];
    // It writes below the working directory, without the leading slash.
    const extract = (work: string, ...paths: readonly string[]): string[] => [
      "sh",
      "-c",
      'cd "$1" && shift && exec "$@"',
      "sh",
      `${work}-out`,
      program,
      "extract",
      `${work}::only`,
      ...paths,
    ];
    const emptyOut = (work: string): Step[] => [{ remove: `${work}-out` }, { makeDirectory: `${work}-out` }];
    return {
      version: () => ({ command: [program, "--version"] }),
      build: ({ data, work }) => ({ reset: fresh(work), command: create(work, data) }),
      push: ({ data, work }) => ({ reset: fresh(work), command: create(work, data) }),
      install: ({ data, work }) => ({ prepare: stored(work, data), reset: emptyOut(work), command: extract(work) }),
      installPath: ({ data, work, path = "" }) => ({
        prepare: stored(work, data),
        reset: emptyOut(work),
        command: extract(work, `${data}/${path}`.replace(/^\//, "")),
      }),
      verify: ({ data, work }) => ({
        prepare: stored(work, data),
        command: [program, "check", "--verify-data", work],
      }),
    };
  },
};
