import { Option } from "commander";
import { type InstallReport, openRegistry, Package, parseReference } from "t4";
import type { DefineCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { findHere, keyFromHere, workplace } from "../here.js";
import {
  ALLOW_LOCAL,
  type CommonOptions,
  DRY_RUN,
  examples,
  JSON_OUTPUT,
  QUIET,
  REGISTRY,
  TRUST_BUCKET,
  type TrustOptions,
  trusted,
} from "../options.js";
import { withProgress } from "../progress.js";
import { referenceTo, targetOf } from "../target.js";

interface Options extends CommonOptions, TrustOptions {
  readonly dest?: string;
  readonly path?: readonly string[];
  readonly overwrite?: boolean;
  readonly locked?: boolean;
}

/** What is installed, from where and into which directory. */
interface Job {
  readonly reference: string;
  readonly registry: string | undefined;
  /** `undefined`: where packages are installed by default. */
  readonly dest: string | undefined;
  /** Parts of the package; none: all of it. */
  readonly paths: readonly string[];
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "[reference]",
      "<author>/<package>[@<revision>][/<path>]; default: the latest of what the directory was installed as",
    )
    .option(...REGISTRY)
    .option(
      "--dest <directory>",
      "the directory that gets the files; default: the one around you that has the package, else your install location",
    )
    .option(
      "--path <path>",
      "only this directory or file of the package, may be repeated; a directory that has the package gets it in its place, any other right below --dest, and does not remember it",
      (path: string, before: readonly string[] = []) => [...before, path],
    )
    .option(
      "--overwrite",
      "replace files that were changed or were there before, and remove those that the revision has no more, or the files of another package that the directory has",
    )
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .addOption(
      new Option(
        "--locked",
        "install what t4.lock pins: without a reference, all packages that it has a directory for",
      ).conflicts(["registry", "path"]),
    )
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples(
        "t4 install alice/weather --registry ./registry --dest ./copy",
        "cd copy && t4 install",
        "t4 install --locked",
        "cd copy && t4 install --path 2024 --path readme.md",
      ),
    )
    .action((reference: string | undefined, options: Options) =>
      options.locked === true ? locked(context, reference, options) : install(context, reference, options),
    );
};

/** Loaded beside the rest: most installs are of one package. */
async function locked(context: CliContext, name: string | undefined, options: Options): Promise<void> {
  const { dest, overwrite, allowLocal, trustBucket: trustBuckets } = options;
  const { installLocked } = await import("../locked.js");
  await installLocked(context, { name, dest, overwrite, allowLocal, trustBuckets, options });
}

const ALL = (_key: string): boolean => true;

async function install(context: CliContext, text: string | undefined, options: Options): Promise<void> {
  const { overwrite, dryRun, quiet } = options;
  const { signal } = context;
  const { paths, reference: asked, ...job } = await jobOf(text, options);
  if (paths.length > 1) {
    const { requireApart } = await import("../parts-apart.js");
    await requireApart({ ...job, reference: asked, paths }, { name: parseReference(asked).name, options });
  }
  const request = { ...job, ...trusted(options), overwrite, dryRun, signal };
  let reference = asked;
  let topHash = "";
  let isInRevision = ALL;
  const reports: InstallReport[] = [];
  const onReport = (done: InstallReport): void => void reports.push(done);
  for (const path of paths.length === 0 ? [undefined] : paths) {
    const part = { ...request, path, onReport };
    const pkg = await withProgress(context, quiet, (onProgress) => Package.install(reference, { ...part, onProgress }));
    // All parts are of one revision, whatever others publish meanwhile.
    topHash = pkg.topHash();
    isInRevision = (key) => pkg.has(key);
    reference = `${parseReference(reference).name}@${topHash}`;
  }
  const report = together(reports);
  if (report === undefined) return;
  // Loaded beside the rest: what every start of an install parses is small.
  const { tellInstalled } = await import("../install-report.js");
  await tellInstalled(context, { report, topHash, isInRevision, paths, options });
}

/** What was done with all parts, each of which went into the same directory. */
function together([first, ...others]: readonly InstallReport[]): InstallReport | undefined {
  if (first === undefined) return undefined;
  return others.reduce(
    (sum, next) => ({
      directory: sum.directory,
      written: sum.written + next.written,
      already: sum.already + next.already,
      kept: [...sum.kept, ...next.kept],
      conflicts: [...sum.conflicts, ...next.conflicts],
      removed: [...sum.removed, ...next.removed],
    }),
    first,
  );
}

/** Without a reference, the latest of what the directory was installed as; paths count from where the user stands then. */
async function jobOf(text: string | undefined, { registry, dest, path: paths = [] }: Options): Promise<Job> {
  if (text === undefined) {
    const place = await workplace(dest);
    const keys = dest === undefined ? paths.map((path) => keyFromHere(place, path)) : paths;
    return { reference: place.name, registry: registry ?? place.registry, dest: place.root, paths: keys };
  }
  const target = await targetOf(text, { registry, path: "may" });
  const own = target.path === undefined ? [] : [target.path];
  const parts = paths.length === 0 ? own : paths;
  const job = { reference: referenceTo(target), registry: target.registry, paths: parts };
  return { ...job, dest: dest ?? (await around(target)) };
}

/** The directory around the user, if it has that package of that registry. */
async function around({
  name,
  registry,
}: {
  readonly name: string;
  readonly registry: string | undefined;
}): Promise<string | undefined> {
  const here = await findHere();
  if (here?.name !== name) return undefined;
  const [own, wanted] = [await openRegistry(here.registry), await openRegistry(registry)];
  return own.identity === wanted.identity ? here.root : undefined;
}
