import { Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT, QUIET, REGISTRY } from "../options.js";
import { withProgress } from "../progress.js";
import { counted, json } from "../render.js";
import { shown } from "../shown.js";

interface Options extends CommonOptions {
  readonly extraFilesOk?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[directory]", "the directory", ".")
    .argument("[reference]", "<author>/<package>[@<revision>]; default: what the directory was installed or pushed as")
    .option(...REGISTRY)
    .option("--extra-files-ok", "files that the package has not are no difference")
    .option(...JSON_OUTPUT)
    .option(...QUIET)
    .addHelpText("after", examples("t4 verify ./copy alice/weather --registry ./registry"))
    .action(async (directory: string, reference: string | undefined, options: Options) => {
      const pkg = await revisionOf(directory, reference, options);
      const { extraFilesOk, quiet } = options;
      const { signal } = context;
      const report = await withProgress(context, quiet, (onProgress) =>
        pkg.verify(directory, { extraFilesOk, signal, onProgress }),
      );
      if (options.json === true) context.out(json(report));
      for (const kind of ["missing", "modified", "extra", "unverifiable"] as const) {
        if (options.json !== true) for (const key of report[kind]) context.out(shown`${kind} ${key}\n`);
      }
      if (!report.ok) {
        throw new T4Error("ERR_T4_INTEGRITY", `${directory} is not ${pkg.topHash()}.`, {
          hint: "t4 install brings missing files back; --overwrite replaces changed ones.",
        });
      }
      if (quiet === true) return;
      context.err(shown`${counted(report.checked, "file")} verified: every byte is that of ${pkg.topHash()}.\n`);
    });
};

async function revisionOf(directory: string, reference: string | undefined, options: Options): Promise<Package> {
  if (reference !== undefined) return Package.browse(reference, { registry: options.registry });
  const base = await Package.baseOf(directory);
  if (base !== undefined) return base;
  throw new T4Error("ERR_T4_USAGE", `${directory} was neither installed nor pushed: name the package.`, {
    hint: "t4 verify <directory> <author>/<package>",
  });
}
