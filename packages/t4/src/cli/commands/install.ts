import { relative } from "node:path";
import { directoryBase, type InstallReport, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { inDirectory, suggestNext } from "../command-line.js";
import type { CliContext } from "../context.js";
import { type CommonOptions, DRY_RUN, examples, QUIET, TRUST_BUCKET } from "../options.js";
import { withProgress } from "../progress.js";
import { counted, short } from "../render.js";
import { shown } from "../shown.js";

interface Options extends CommonOptions {
  readonly dest?: string;
  readonly path?: string;
  readonly overwrite?: boolean;
  readonly allowLocal?: string[];
  readonly trustBucket?: string[];
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "[reference]",
      "<author>/<package>[@<revision>]; default: the latest of what the directory was installed as",
    )
    .option("--registry <registry>", "the registry; default: the directory's, your configured or local one")
    .option("--dest <directory>", "the directory that gets the files; without a reference: the working directory")
    .option("--path <path>", "only this directory or file of the package")
    .option(
      "--overwrite",
      "replace files that were changed or were there before, and remove those that the revision has no more",
    )
    .option("--allow-local <directory...>", "directories outside the registry that the package may point into")
    .option(...TRUST_BUCKET)
    .option(...DRY_RUN)
    .option(...QUIET)
    .addHelpText(
      "after",
      examples("t4 install alice/weather --registry ./registry --dest ./copy", "cd copy && t4 install"),
    )
    .action((reference: string | undefined, options: Options) => install(context, reference, options));
};

async function install(context: CliContext, reference: string | undefined, options: Options): Promise<void> {
  const { path, overwrite, allowLocal, trustBucket: trustBuckets, dryRun, quiet } = options;
  const { signal } = context;
  const target = reference === undefined ? await remembered(options) : { name: reference, ...options };
  let report: InstallReport | undefined;
  const onReport = (done: InstallReport): void => void (report = done);
  const { registry, dest } = target;
  const request = { registry, dest, path, overwrite, allowLocal, trustBuckets, dryRun, signal, onReport };
  const pkg = await withProgress(context, quiet, (onProgress) =>
    Package.install(target.name, { ...request, onProgress }),
  );
  if (report !== undefined) await tell(context, { report, topHash: pkg.topHash(), options });
}

async function remembered(
  options: Options,
): Promise<{ readonly name: string; readonly registry: string; readonly dest: string }> {
  const dest = options.dest ?? ".";
  const base = await directoryBase(dest);
  if (base !== undefined) return { name: base.name, registry: options.registry ?? base.registry, dest };
  throw new T4Error("ERR_T4_USAGE", `${dest} was neither installed nor pushed: name the package.`, {
    hint: "t4 install <author>/<package> --registry <registry> --dest <directory>",
  });
}

async function tell(
  context: CliContext,
  done: { readonly report: InstallReport; readonly topHash: string; readonly options: Options },
): Promise<void> {
  const { written, already, kept, removed, directory } = done.report;
  const { quiet, dryRun = false } = done.options;
  const place = relative(".", directory) || ".";
  tellKept(context, done.report);
  if (quiet !== true) {
    const gone = removed.length > 0 ? `, ${removed.length} removed` : "";
    const what = `${counted(written, "file")} written, ${already} already right${gone}`;
    context.err(shown`${dryRun ? "Would install" : "Installed"} ${short(done.topHash)} in ${place}: ${what}.\n`);
  }
  if (kept.length > 0) throw partial(done.report, place);
  // A part of a package is not remembered.
  const isRemembered = !dryRun && (await directoryBase(directory)) !== undefined;
  if (isRemembered && quiet !== true) suggestNext(context, inDirectory(place, "t4 status"));
}

function tellKept(context: CliContext, { kept, conflicts }: InstallReport): void {
  const clashes = new Set(conflicts);
  for (const key of kept) {
    if (clashes.has(key)) context.err(shown`conflict ${key}: the file here and the one of the revision differ\n`);
    else context.err(shown`kept ${key}: changed here only\n`);
  }
}

function partial({ kept, conflicts }: InstallReport, place: string): T4Error {
  const hasConflicts = conflicts.length > 0;
  const some = hasConflicts ? `, ${conflicts.length} of them in conflict` : "";
  return new T4Error("ERR_T4_PARTIAL", `${counted(kept.length, "file")} kept${some}; all others are installed.`, {
    hint: hasConflicts
      ? `${inDirectory(place, "t4 resolve --theirs <path>")} takes theirs, --mine says that yours is right; --overwrite takes theirs for all.`
      : `${inDirectory(place, "t4 diff")} shows them; --overwrite replaces them.`,
    facts: { kept, conflicts },
  });
}
