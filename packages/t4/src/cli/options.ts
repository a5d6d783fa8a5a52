import { readFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { type BrowseOptions, nearest, type Package, T4Error } from "t4";

/** The options that several commands have, each with one wording. */
export const REGISTRY = [
  "--registry <registry>",
  "the registry, a folder or bucket; default: the directory's, your configured or local one",
] as const;
export const ALLOW_LOCAL = [
  "--allow-local <directory...>",
  "directories outside the registry that the package may point into",
] as const;
export const TRUST_BUCKET = [
  "--trust-bucket <bucket...>",
  "other buckets that the package may lead to with your credentials",
] as const;
export const JSON_OUTPUT = ["--json", "print JSON"] as const;
export const DRY_RUN = ["--dry-run", "only say what would be done"] as const;
export const QUIET = ["-q, --quiet", "no messages and no progress"] as const;
export const VERBOSE = ["-v, --verbose", "name every file"] as const;
export const MESSAGE = ["-m, --message <text>", "what this revision is"] as const;

export const META = ["--meta <json>", "the package's metadata: a JSON object, or @<file> that holds one"] as const;

export const WORKFLOW = [
  "--workflow <id>",
  "the registry's workflow to publish under; default: its default one",
] as const;
export const NO_WORKFLOW = ["--no-workflow", "publish under no workflow, where the registry allows that"] as const;

/** Where a package may lead beside its registry. */
export interface TrustOptions {
  readonly allowLocal?: string[];
  readonly trustBucket?: string[];
}

/** Those options, as the library takes them. */
export function trusted({
  allowLocal,
  trustBucket: trustBuckets,
}: TrustOptions): Pick<BrowseOptions, "allowLocal" | "trustBuckets"> {
  return { allowLocal, trustBuckets };
}

/** The values of those options. */
export interface CommonOptions {
  readonly registry?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly message?: string;
  readonly meta?: string;
  /** `false`: `--no-workflow`. */
  readonly workflow?: string | boolean;
}

/** The workflow that the options choose, as the library takes it. */
export function chosenWorkflow({ workflow }: CommonOptions): string | null | undefined {
  if (workflow === false) return null;
  return typeof workflow === "string" ? workflow : undefined;
}

/** Gives a package the metadata that `--meta` says; without it, the package keeps its own. */
export function setChosenMeta(pkg: Package, { meta }: CommonOptions): void {
  if (meta === undefined) return;
  const json = meta.startsWith("@") ? readText(meta.slice(1)) : meta;
  if (!json.trimStart().startsWith("{")) {
    throw new T4Error("ERR_T4_INVALID_META", "The metadata of a package must be a JSON object.", {
      hint: `For example --meta '{"station": 7}', or --meta @file.json.`,
    });
  }
  pkg.setMetaJson(json);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new T4Error("ERR_T4_NOT_FOUND", `Cannot read the metadata in ${path}.`, {
      hint: "--meta @<file> reads a file, --meta takes JSON text.",
      facts: { path },
      cause,
    });
  }
}

/** Reads the whole number of an option, at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (/^[0-9]{1,15}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
  };
}

/** Reads the decimal number of an option, 0 or more. Empty text, as an unset variable gives it, is no number. */
export function decimalNumber(text: string): number {
  if (/^[0-9]{1,15}(?:\.[0-9]{1,15})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a number of at least 0, such as 7 or 0.5.");
}

/** Refuses a word that is none of those known, with the one that was probably meant. */
export function unknownWord(what: string, word: string, known: readonly string[]): T4Error {
  const near = nearest(word, known);
  return new T4Error("ERR_T4_USAGE", `There is no ${what} ${JSON.stringify(word)}.`, {
    hint: near === undefined ? `Use one of: ${known.join(", ")}.` : `Did you mean ${near}?`,
  });
}

/** Help text that shows how a command is used. */
export function examples(...lines: readonly string[]): string {
  return `\n${lines.length > 1 ? "Examples" : "Example"}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
