import type { Peer } from "./peer.js";

/** rsync between two local directories: no history and no hashes; `--whole-file` is its default there. */
export const rsync: Peer = {
  name: "rsync",
  install: "apt install rsync",
  program: "rsync",
  version: (program) => [program, "--version"],
  cannot: { pushS3: "has no S3", installS3: "has no S3" },
  jobs: (program) => ({
    version: () => ({ command: [program, "--version"] }),
    push: ({ data, work }) => ({ reset: [{ remove: work }], command: [program, "-a", `${data}/`, `${work}/`] }),
    install: ({ data, work }) => ({ reset: [{ remove: work }], command: [program, "-a", `${data}/`, `${work}/`] }),
    installPath: ({ data, work, path = "" }) => ({
      reset: [{ remove: work }],
      command: [program, "-a", `${data}/${path}/`, `${work}/`],
    }),
    verify: ({ data, work }) => ({
      prepare: [{ run: [program, "-a", `${data}/`, `${work}/`] }],
      command: [program, "-anc", "--delete", `${data}/`, `${work}/`],
    }),
  }),
};
