import { type InstallReport, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { progressLine } from "../progress.js";
import { clean, counted } from "../render.js";

interface Options {
  readonly registry?: string;
  readonly dest?: string;
  readonly path?: string;
  readonly overwrite?: boolean;
  readonly allowLocal?: string[];
  readonly quiet?: boolean;
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
    .option("--overwrite", "replace files that were changed or were there before")
    .option("--allow-local <directory...>", "directories outside the registry that the package may point into")
    .option("-q, --quiet", "no messages")
    .addHelpText(
      "after",
      "\nExamples:\n  t4 install alice/weather --registry ./registry --dest ./copy\n  cd copy && t4 install",
    )
    .action((reference: string | undefined, options: Options) => install(context, reference, options));
};

async function install(context: CliContext, reference: string | undefined, options: Options): Promise<void> {
  const target = reference === undefined ? await remembered(context, options) : { name: reference, ...options };
  const line = progressLine(context, options.quiet === true);
  let report: InstallReport | undefined;
  const pkg = await Package.install(target.name, {
    signal: context.signal,
    onProgress: line.onProgress,
    onReport: (done) => {
      report = done;
    },
    overwrite: options.overwrite === true,
    registry: target.registry,
    dest: target.dest,
    path: options.path,
    allowLocal: options.allowLocal,
  });
  line.clear();
  if (report !== undefined) tell(context, { report, pkg, options });
}

async function remembered(
  context: CliContext,
  options: Options,
): Promise<{ name: string; registry: string; dest: string }> {
  const dest = options.dest ?? ".";
  const directory = await Package.openDirectory(dest, { signal: context.signal });
  if (directory !== undefined) return { name: directory.name, registry: options.registry ?? directory.registry, dest };
  throw new T4Error("ERR_T4_USAGE", `${dest} was neither installed nor pushed: name the package.`, {
    hint: "t4 install <author>/<package> --registry <registry> --dest <directory>",
  });
}

function tell(
  context: CliContext,
  done: { readonly report: InstallReport; readonly pkg: Package; readonly options: Options },
): void {
  const { report, pkg, options } = done;
  for (const key of report.kept) context.err(`kept ${clean(key)}: it differs from the package\n`);
  if (options.quiet !== true) {
    const removed = report.removed.length > 0 ? `, ${report.removed.length} removed` : "";
    context.err(
      `Installed ${pkg.topHash().slice(0, 12)}: ${counted(report.written, "file")} written, ${report.already} already right${removed}.\n`,
    );
  }
  if (report.kept.length === 0) return;
  throw new T4Error("ERR_T4_PARTIAL", `${counted(report.kept.length, "file")} kept, all others are installed.`, {
    hint: "Look at them with t4 diff; --overwrite replaces them.",
    facts: { kept: report.kept },
  });
}
