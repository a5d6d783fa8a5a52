import { dirname, join } from "node:path";
import { freshBucket, s3Of } from "./bucket.js";
import type { Peer, Place } from "./peer.js";
import { pythonVersion } from "./python-version.js";

/** T4 0.1.4, the last of 2019, through its Python API. It keeps builds in one local registry below the home directory. */
export const t4Of2019: Peer = {
  name: "t4-2019",
  install: "scripts/install-peers.sh",
  program: "t4",
  version: (program) => pythonVersion(program, "t4"),
  cannot: { verify: "has no such command", installPath: "has no such command" },
  jobs: (program) => {
    const python = (code: string, ...args: readonly string[]): string[] => [
      join(dirname(program), "python"),
      "-c",
      `import sys, t4\na = sys.argv[1:]\n${code}`,
      ...args,
    ];
    const push = (data: string, registry: string): string[] =>
      python("t4.Package().set_dir('/', a[0]).push('bench/data', a[1])", data, registry);
    const install = (registry: string, work: string): string[] =>
      python("t4.Package.install('bench/data', registry=a[0], dest='file://' + a[1])", registry, `${work}-out`);
    const bucketOf = (place: Place): string => `s3://${s3Of(place).bucket}`;
    return {
      version: () => ({ command: [program, "--help"] }),
      build: ({ data }) => ({
        command: python("t4.Package().set_dir('/', a[0]).build('bench/data')", data),
      }),
      push: ({ data, work }) => ({ reset: [{ remove: work }], command: push(data, `file://${work}`) }),
      pushS3: (place) => ({
        reset: [freshBucket(place)],
        command: push(place.data, bucketOf(place)),
        usesS3: true,
      }),
      install: ({ data, work }) => ({
        prepare: [{ run: push(data, `file://${work}`) }],
        reset: [{ remove: `${work}-out` }],
        command: install(`file://${work}`, work),
      }),
      installS3: (place) => ({
        prepare: [freshBucket(place), { run: push(place.data, bucketOf(place)) }],
        reset: [{ remove: `${place.work}-out` }],
        command: install(bucketOf(place), place.work),
        usesS3: true,
      }),
    };
  },
};
