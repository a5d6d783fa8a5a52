import { join } from "node:path";
import type { Peer } from "./peer.js";
import { pythonVersion } from "./python-version.js";

/** Oxen through its Python API, which is its Rust core; without its server it keeps versions on one machine alone. */
export const oxen: Peer = {
  name: "oxen",
  install: "scripts/install-peers.sh",
  program: "python",
  isPrivate: true,
  version: (program) => pythonVersion(program, "oxenai"),
  cannot: Object.fromEntries(
    ["push", "pushS3", "install", "installS3"].map((job) => [job, "through a server of its own"]),
  ),
  jobs: (program) => {
    const python = (directory: string, code: string): string[] => [
      program,
      "-c",
      `import sys, oxen\nrepo = oxen.Repo(sys.argv[1])\n${code}`,
      directory,
    ];
    return {
      version: () => ({ command: [program, "-c", "import oxen"] }),
      build: ({ data, work }) => ({
        reset: [
          { remove: work },
          { makeDirectory: work },
          { run: ["cp", "-r", data, join(work, "data")] },
          {
            run: python(
              work,
              "from oxen.user import config_user\nconfig_user('bench', 'bench@localhost')\nrepo.init()",
            ),
          },
        ],
        // Nothing to commit is an error of its.
        command: python(work, "repo.add('data')\nif not repo.status().is_clean(): repo.commit('bench')"),
      }),
    };
  },
};
