import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inside } from "./inside.js";
import type { Peer } from "./peer.js";

/** DataLad, which leads git-annex: it has a way of its own to add data, and brings it elsewhere by git-annex. */
export const datalad: Peer = {
  name: "datalad",
  install: "scripts/install-peers.sh",
  program: "datalad",
  version: (program) => [program, "--version"],
  cannot: { push: "by git-annex", pushS3: "by git-annex", install: "by git-annex", installS3: "by git-annex" },
  jobs: (program) => ({
    version: () => ({ command: [program, "--version"] }),
    build: ({ data, work }) => ({
      reset: [
        { remove: work },
        { makeDirectory: work },
        { run: inside(work, program, "datalad -l error create -f .") },
        { run: ["cp", "-r", data, join(work, "data")] },
      ],
      command: inside(work, program, `datalad -l error save -J ${availableParallelism()} -m bench`),
    }),
  }),
};
