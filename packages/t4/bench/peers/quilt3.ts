import { dirname, join } from "node:path";
import { freshBucket, s3Of } from "./bucket.js";
import type { Peer, Place } from "./peer.js";

/** Quilt 3 through its Python API: its own command has no build, and starts no faster. Hashes large files on ten threads. */
export const quilt3: Peer = {
  name: "quilt3",
  install: "scripts/install-peers.sh",
  program: "quilt3",
  version: (program) => [program, "--version"],
  cannot: { push: "pushes to S3 alone" },
  jobs: (program) => {
    const python = (code: string, ...args: readonly string[]): string[] => [
      join(dirname(program), "python"),
      "-c",
      `import sys, quilt3\na = sys.argv[1:]\n${code}`,
      ...args,
    ];
    // It notes "no metadata" in the header and T4 notes nothing; without that note both compute one top hash.
    const build = (data: string, registry: string): string[] =>
      python(
        "p = quilt3.Package().set_dir('/', a[0])\np._meta.pop('user_meta')\nprint(p.build('bench/data', registry='file://' + a[1]))",
        data,
        registry,
      );
    const push = (place: Place): string[] =>
      python(
        "quilt3.Package().set_dir('/', a[0]).push('bench/data', registry=a[1], force=True)",
        place.data,
        `s3://${s3Of(place).bucket}`,
      );
    const install = "quilt3.Package.install('bench/data', registry='file://' + a[0], dest=a[1]";
    return {
      version: () => ({ command: [program, "--version"] }),
      build: ({ data, work }) => ({ reset: [{ remove: work }], command: build(data, work), printsTopHash: true }),
      install: ({ data, work }) => ({
        prepare: [{ run: build(data, work) }],
        reset: [{ remove: `${work}-out` }],
        command: python(`${install})`, work, `${work}-out`),
      }),
      pushS3: (place) => ({ reset: [freshBucket(place)], command: push(place), usesS3: true }),
      installS3: (place) => ({
        prepare: [freshBucket(place), { run: push(place) }],
        reset: [{ remove: `${place.work}-out` }],
        command: python(
          "quilt3.Package.install('bench/data', registry=a[0], dest=a[1])",
          `s3://${s3Of(place).bucket}`,
          `${place.work}-out`,
        ),
        usesS3: true,
      }),
      installPath: ({ data, work, path = "" }) => ({
        prepare: [{ run: build(data, work) }],
        reset: [{ remove: `${work}-out` }],
        command: python(`${install}, path=a[2])`, work, `${work}-out`, path),
      }),
      verify: ({ data, work }) => ({
        prepare: [{ run: build(data, work) }],
        command: python(
          "assert quilt3.Package.browse('bench/data', registry='file://' + a[0]).verify(a[1])",
          work,
          data,
        ),
      }),
      load: ({ data }) => ({
        command: python("print(quilt3.Package.load(open(a[0])).top_hash)", join(data, "first.jsonl")),
        printsTopHash: true,
      }),
      list: ({ data }) => ({
        command: python(
          "for key in quilt3.Package.browse('bench/rows', registry='file://' + a[0]).keys(): print(key)",
          data,
        ),
      }),
      diff: ({ data }) => ({
        command: python(
          "first, second = (quilt3.Package.load(open(f'{a[0]}/{name}.jsonl')) for name in ('first', 'second'))\nprint(first.diff(second))",
          data,
        ),
      }),
    };
  },
};
