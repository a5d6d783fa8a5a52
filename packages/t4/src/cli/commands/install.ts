import { type InstallReport, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { type CommonOptions, DRY_RUN, examples, QUIET } from "../options.js";
import { progressLine } from "../progress.js";
import { clean, counted } from "../render.js";

interface Options extends CommonOptions {
  readonly dest?: string;
  readonly path?: string;
  readonly overwrite?: boolean;
  readonly allowLocal?: string[];
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "[reference]",
      "<author>/<package>[@<revision>]; default: the latest of what the directory was installed as",
    )
    .option("--registry <registry>", "the registry; default: the directory's, your configured or local one")
    .option("--dest <directory>", "the directory that gets the files; without a reference: the working directory")
    .option("--path <path>", "only this directory or file of the package, as a copy to read that is not remembered")
    .option(
      "--overwrite",
      "replace files that were changed or were there before, and remove those that the revision has no more",
    )
    .option("--allow-local <directory...>", "directories outside the registry that the package may point into")
    .option(...DRY_RUN)
    .option(...QUIET)
    .addHelpText(
      "after",
      examples("t4 install alice/weather --registry ./registry --dest ./copy", "cd copy && t4 install"),
    )
    .action((reference: string | undefined, options: Options) => install(context, reference, options));
};

async function install(context: CliContext, reference: string | undefined, options: Options): Promise<void> {
  const { path, overwrite, allowLocal, dryRun, quiet } = options;
  const { signal } = context;
  const target = reference === undefined ? await remembered(signal, options) : { name: reference, ...options };
  const line = progressLine(context, quiet);
  let report: InstallReport | undefined;
  const pkg = await Package.install(target.name, {
    registry: target.registry,
    dest: target.dest,
    path,
    overwrite,
    allowLocal,
    dryRun,
    signal,
    onProgress: line.onProgress,
    onReport: (done) => {
      report = done;
    },
  });
  line.clear();
  if (report !== undefined) tell(context, { report, topHash: pkg.topHash(), options });
}

async function remembered(
  signal: AbortSignal,
  options: Options,
): Promise<{ readonly name: string; readonly registry: string; readonly dest: string }> {
  const dest = options.dest ?? ".";
  const directory = await Package.openDirectory(dest, { signal });
  if (directory !== undefined) return { name: directory.name, registry: options.registry ?? directory.registry, dest };
  throw new T4Error("ERR_T4_USAGE", `${dest} was neither installed nor pushed: name the package.`, {
    hint: "t4 install <author>/<package> --registry <registry> --dest <directory>",
  });
}

function tell(
  context: CliContext,
  done: { readonly report: InstallReport; readonly topHash: string; readonly options: Options },
): void {
  const { written, already, kept, conflicts, removed } = done.report;
  const { quiet, dryRun = false } = done.options;
  const clashes = new Set(conflicts);
  for (const key of kept) {
    const why = clashes.has(key) ? "the file here and the one of the revision differ" : "changed here only";
    context.err(`${clashes.has(key) ? "conflict" : "kept"} ${clean(key)}: ${why}\n`);
  }
  if (quiet !== true) {
    const gone = removed.length > 0 ? `, ${removed.length} removed` : "";
    const what = `${counted(written, "file")} written, ${already} already right${gone}`;
    context.err(`${dryRun ? "Would install" : "Installed"} ${done.topHash.slice(0, 12)}: ${what}.\n`);
  }
  if (kept.length === 0) return;
  const some = conflicts.length > 0 ? `, ${conflicts.length} of them in conflict` : "";
  throw new T4Error("ERR_T4_PARTIAL", `${counted(kept.length, "file")} kept${some}; all others are installed.`, {
    hint:
      conflicts.length > 0
        ? "t4 resolve --theirs <path> takes theirs, --mine says that yours is right; --overwrite takes theirs for all."
        : "Look at them with t4 diff; --overwrite replaces them.",
    facts: { kept, conflicts },
  });
}
