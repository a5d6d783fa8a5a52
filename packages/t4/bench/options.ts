import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { FULL, type Sizes } from "./data/sizes.js";
import { defaultCache } from "./paths.js";

/** What one call of the benchmark was asked to do. */
export interface BenchOptions {
  readonly sizes: Sizes;
  /** Beginnings of names of flows; empty means all. */
  readonly only: readonly string[];
  /** Most rounds of one flow. */
  readonly rounds: number;
  /** Seconds after which a flow starts no more rounds, once it has three. */
  readonly budgetSeconds: number;
  readonly isQuick: boolean;
  /** Whether peers are left out. */
  readonly isAlone: boolean;
  readonly isList: boolean;
  /** Absolute path. */
  readonly cache: string;
  /** A Markdown file that gets the tables too. */
  readonly markdown: string | undefined;
  /** The file that gets all rounds. */
  readonly json: string | undefined;
  /** A MinIO of `scripts/engines`, `http://127.0.0.1:<port>`; "" for none. */
  readonly endpoint: string;
}

export const USAGE = `Usage: npm run bench -- [options]

  --only <names>      flows whose names begin so, separated by commas (build, push-small, start, ...)
  --list              print the flows and stop
  --quick             little data and two rounds: shows that everything runs, proves nothing
  --large <CxM>       C files of M MiB (default 20x100)
  --small <N>         N files of 1 to 4 KiB (default 50000)
  --rows <N>          rows of the large manifest (default 1000000)
  --rounds <N>        most rounds of a flow (default 7)
  --budget <seconds>  a flow that took longer starts no more rounds after its third (default 60)
  --no-peers          only T4 and the limits
  --cache <directory> where generated data is kept (default ~/.cache/t4-bench)
  --markdown <file>   write the tables to a file, too
  --json <file>       write all rounds there (default results/<date>.json)

Flows on S3 run below scripts/engines/with.sh minio, as npm run bench:peers does it.
`;

const QUICK: Sizes = { largeCount: 4, largeMiB: 8, smallCount: 1_000, rows: 10_000 };

/** Reads the command line. @throws TypeError for what it does not know. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = {
    only: text,
    large: text,
    small: text,
    rows: text,
    rounds: text,
    budget: text,
    cache: text,
  } as const;
  const flags = { list: flag, quick: flag, "no-peers": flag, markdown: text, json: text } as const;
  const { values } = parseArgs({ args: [...argv], options: { ...options, ...flags } });
  const isQuick = values.quick;
  const [largeCount, largeMiB] = values.large?.split("x").map((part) => count("--large", part)) ?? [];
  const base = isQuick ? QUICK : FULL;
  return {
    sizes: {
      largeCount: largeCount ?? base.largeCount,
      largeMiB: largeMiB ?? base.largeMiB,
      smallCount: values.small === undefined ? base.smallCount : count("--small", values.small),
      rows: values.rows === undefined ? base.rows : count("--rows", values.rows),
    },
    only: values.only?.split(",") ?? [],
    rounds: values.rounds === undefined ? (isQuick ? 2 : 7) : count("--rounds", values.rounds),
    budgetSeconds: values.budget === undefined ? 60 : count("--budget", values.budget),
    isQuick,
    isAlone: values["no-peers"],
    isList: values.list,
    cache: resolve(values.cache ?? defaultCache()),
    markdown: values.markdown,
    json: values.json,
    endpoint: /\bminio=(\S+)/.exec(process.env["T4_ENGINES"] ?? "")?.[1] ?? "",
  };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new TypeError(`${name} wants a whole number above 0, got ${JSON.stringify(text)}.`);
}
