import { join } from "node:path";
import { BENCH, T4_BIN } from "../paths.js";
import type { Job, Step } from "../run/plan.js";
import { freshBucket, s3Of } from "./bucket.js";
import type { Place } from "./peer.js";

const call = (...args: readonly string[]): string[] => [process.execPath, T4_BIN, ...args];
const program = (name: string, ...args: readonly string[]): string[] => [
  process.execPath,
  join(BENCH, "lib/programs", `${name}.js`),
  ...args,
];

const registryOf = (work: string): string => `${work}-registry`;
const bucketOf = (place: Place): string => `s3://${s3Of(place).bucket}`;
const outOf = (work: string): string => `${work}-out`;

const build = ({ data, work }: Place): string[] =>
  call("build", "bench/data", data, "--registry", registryOf(work), "-q");
const installFrom = (registry: string, { work }: Place, ...more: readonly string[]): string[] =>
  call("install", "bench/data", "--registry", registry, "--dest", outOf(work), "-q", ...more);
const install = (place: Place, ...more: readonly string[]): string[] =>
  installFrom(registryOf(place.work), place, ...more);
// Pushing leaves a note in the directory, so it is done from a directory of hard links: others see the data as it is.
const linked = ({ data, work }: Place): Step[] => [{ run: ["cp", "-al", data, `${work}-data`] }];
const pushTo = (registry: string, { work }: Place, ...more: readonly string[]): string[] =>
  call("push", "bench/data", `${work}-data`, registry, "-q", "-m", "bench", ...more);
const push = (place: Place): string[] => pushTo(registryOf(place.work), place);
const pushed = (place: Place): Step[] => [...linked(place), { run: push(place) }];

/** What T4 itself does for each job. `cache` is where it remembers the hashes of files and manifests; a cold job forgets them. */
export function t4Jobs(cache: string) {
  const forget = ["scans", "manifests", "uploads"].map((name): Step => ({ remove: join(cache, "T4", name) }));
  return {
    version: (): Job => ({ command: call("--version") }),
    help: (): Job => ({ command: call("--help") }),
    /** Lists the top of a small package. */
    start: (place: Place): Job => ({
      prepare: pushed(place),
      command: call("ls", "bench/data", "--registry", registryOf(place.work)),
    }),
    build: (place: Place): Job => ({
      reset: [{ remove: registryOf(place.work) }, ...forget],
      command: build(place),
      printsTopHash: true,
    }),
    /** A push that hashes and copies everything. */
    push: (place: Place): Job => ({
      prepare: linked(place),
      reset: [{ remove: registryOf(place.work) }, { remove: `${place.work}-data/.t4` }, ...forget],
      command: push(place),
    }),
    /** The same into a bucket, whose server was tried out by a push before: T4 does so once in 7 days. */
    pushS3: (place: Place): Job => ({
      prepare: [...linked(place), freshBucket(place), { run: pushTo(bucketOf(place), place) }],
      reset: [freshBucket(place), { remove: `${place.work}-data/.t4` }, ...forget],
      command: pushTo(bucketOf(place), place),
      usesS3: true,
    }),
    /** A push of which the bucket has all, so that no revision is made. */
    repushS3: (place: Place): Job => ({
      prepare: linked(place),
      reset: [freshBucket(place)],
      command: pushTo(bucketOf(place), place, "--dedupe"),
      usesS3: true,
    }),
    install: (place: Place): Job => ({
      prepare: pushed(place),
      reset: [{ remove: outOf(place.work) }, ...forget],
      command: install(place),
    }),
    installS3: (place: Place): Job => ({
      prepare: [...linked(place), freshBucket(place), { run: pushTo(bucketOf(place), place) }],
      reset: [{ remove: outOf(place.work) }, ...forget],
      command: installFrom(bucketOf(place), place),
      usesS3: true,
    }),
    installPath: (place: Place): Job => ({
      prepare: pushed(place),
      reset: [{ remove: outOf(place.work) }, ...forget],
      command: install(place, "--path", place.path ?? ""),
    }),
    verify: (place: Place): Job => ({
      prepare: [...pushed(place), { run: install(place) }],
      command: call("verify", outOf(place.work), "bench/data", "--registry", registryOf(place.work), "-q"),
    }),
    load: ({ data }: Place): Job => ({
      command: program("load-manifest", join(data, "first.jsonl")),
      printsTopHash: true,
    }),
    list: ({ data, path = "" }: Place): Job => ({ command: call("ls", `bench/rows${path}`, "--registry", data) }),
    diff: ({ data }: Place): Job => ({
      command: call("diff", "bench/rows@latest~1", "bench/rows", "--registry", data, "--json"),
    }),
  };
}
