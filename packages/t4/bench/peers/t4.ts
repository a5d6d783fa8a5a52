import { join } from "node:path";
import { BENCH, T4_BIN } from "../paths.js";
import type { Job, Step } from "../run/plan.js";
import type { Place } from "./peer.js";

const call = (...args: readonly string[]): string[] => [process.execPath, T4_BIN, ...args];
const program = (name: string, ...args: readonly string[]): string[] => [
  process.execPath,
  join(BENCH, "lib/programs", `${name}.js`),
  ...args,
];

const registryOf = (work: string): string => `${work}-registry`;
const outOf = (work: string): string => `${work}-out`;

const build = ({ data, work }: Place): string[] =>
  call("build", "bench/data", data, "--registry", registryOf(work), "-q");
const install = ({ work }: Place, ...more: readonly string[]): string[] =>
  call("install", "bench/data", "--registry", registryOf(work), "--dest", outOf(work), "-q", ...more);
// Pushing leaves a note in the directory, so it is done from a directory of hard links: others see the data as it is.
const linked = ({ data, work }: Place): Step[] => [{ run: ["cp", "-al", data, `${work}-data`] }];
const push = ({ work }: Place): string[] =>
  call("push", "bench/data", `${work}-data`, registryOf(work), "-q", "-m", "bench");
const pushed = (place: Place): Step[] => [...linked(place), { run: push(place) }];

/** What T4 itself does for each job. `cache` is where it remembers the hashes of files; a cold job forgets them. */
export function t4Jobs(cache: string) {
  const forget: Step = { remove: join(cache, "T4") };
  return {
    version: (): Job => ({ command: call("--version") }),
    help: (): Job => ({ command: call("--help") }),
    /** Lists the top of a small package. */
    start: (place: Place): Job => ({
      prepare: pushed(place),
      command: call("ls", "bench/data", "--registry", registryOf(place.work)),
    }),
    build: (place: Place): Job => ({
      reset: [{ remove: registryOf(place.work) }, forget],
      command: build(place),
      printsTopHash: true,
    }),
    /** A push that hashes and copies everything. */
    push: (place: Place): Job => ({
      prepare: linked(place),
      reset: [{ remove: registryOf(place.work) }, { remove: `${place.work}-data/.t4` }, forget],
      command: push(place),
    }),
    install: (place: Place): Job => ({
      prepare: pushed(place),
      reset: [{ remove: outOf(place.work) }, forget],
      command: install(place),
    }),
    installPath: (place: Place): Job => ({
      prepare: pushed(place),
      reset: [{ remove: outOf(place.work) }, forget],
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
