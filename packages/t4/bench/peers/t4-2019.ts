import { dirname, join } from "node:path";
import type { Peer } from "./peer.js";

/** T4 0.1.4, the last of 2019, through its Python API. It keeps builds in one local registry below the home directory. */
export const t4Of2019: Peer = {
  name: "t4-2019",
  install: "scripts/install-peers.sh",
  program: "t4",
  version: (program) => [
    join(dirname(program), "python"),
    "-c",
    "from importlib.metadata import version; print('T4', version('t4'))",
  ],
  cannot: { verify: "has no such command", installPath: "has no such command" },
  jobs: (program) => {
    const python = (code: string, ...args: readonly string[]): string[] => [
      join(dirname(program), "python"),
      "-c",
      `import sys, t4\na = sys.argv[1:]\n${code}`,
      ...args,
    ];
    const push = (data: string, registry: string): string[] =>
      python("t4.Package().set_dir('/', a[0]).push('bench/data', 'file://' + a[1])", data, registry);
    return {
      version: () => ({ command: [program, "--help"] }),
      build: ({ data }) => ({
        command: python("t4.Package().set_dir('/', a[0]).build('bench/data')", data),
      }),
      push: ({ data, work }) => ({ reset: [{ remove: work }], command: push(data, work) }),
      install: ({ data, work }) => ({
        prepare: [{ run: push(data, work) }],
        reset: [{ remove: `${work}-out` }],
        command: python(
          "t4.Package.install('bench/data', registry='file://' + a[0], dest='file://' + a[1])",
          work,
          `${work}-out`,
        ),
      }),
    };
  },
};
