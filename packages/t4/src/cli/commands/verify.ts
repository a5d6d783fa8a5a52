import { resolve } from "node:path";
import { Option } from "commander";
import { directoryBase, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { notRemembered, pathFromHere, workplace } from "../here.js";
import { type CommonOptions, examples, JSON_OUTPUT, QUIET, REGISTRY } from "../options.js";
import { withProgress } from "../progress.js";
import { counted, json, short } from "../render.js";
import { shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

interface Options extends CommonOptions {
  readonly extraFilesOk?: boolean;
  readonly locked?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[directory]", "the directory; default: the one around you that was installed or pushed")
    .argument("[reference]", "<author>/<package>[@<revision>]; default: what the directory was installed or pushed as")
    .option(...REGISTRY)
    .option("--extra-files-ok", "files that the package has not are no difference")
    .addOption(
      new Option(
        "--locked",
        "check all that t4.lock pins: manifests, with metadata of directories and places of files, and directories",
      ).conflicts(["registry", "extraFilesOk"]),
    )
    .option(...JSON_OUTPUT)
    .option(...QUIET)
    .addHelpText("after", examples("t4 verify ./copy alice/weather --registry ./registry", "t4 verify --locked"))
    .action(async (named: string | undefined, reference: string | undefined, options: Options) => {
      if (options.locked === true) {
        if (named !== undefined) throw notAll(named);
        await (await import("../locked.js")).verifyLocked(context, options);
        return;
      }
      const { directory, name, pkg } = await opened(named, reference, options);
      const { extraFilesOk, quiet } = options;
      const { signal } = context;
      const report = await withProgress(context, quiet, (onProgress) =>
        pkg.verify(directory, { extraFilesOk, signal, onProgress }),
      );
      if (options.json === true) context.out(json(report));
      for (const kind of ["missing", "modified", "extra", "unverifiable"] as const) {
        if (options.json !== true)
          for (const key of report[kind]) context.out(shown`${kind} ${pathFromHere({ root: directory }, key)}\n`);
      }
      if (!report.ok) {
        throw new T4Error("ERR_T4_INTEGRITY", `${resolve(directory)} is not ${name}@${short(pkg.topHash())}.`, {
          hint: "t4 diff shows changes; t4 install brings missing files back, --overwrite also replaces changed ones.",
          facts: { topHash: pkg.topHash() },
        });
      }
      if (quiet === true) return;
      context.err(
        shown`${counted(report.checked, "file")} verified: every byte is that of ${name}@${pkg.topHash()}.\n`,
      );
    });
};

function notAll(named: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `--locked checks all that is pinned, and ${named} is named.`, {
    hint: "Leave out one of the two.",
  });
}

/** The directory, as a path from where the user stands, and the revision that it is compared with. */
async function opened(
  named: string | undefined,
  reference: string | undefined,
  options: Options,
): Promise<{ readonly directory: string; readonly name: string; readonly pkg: Package }> {
  if (named !== undefined && reference !== undefined) {
    const base = await directoryBase(named);
    const isOwn = base !== undefined && /^[@:]/.test(reference);
    const target = await targetOf(isOwn ? `${base.name}${reference}` : reference, options);
    const { name, named: location, registry } = target;
    const own = location === undefined && base?.name === name ? base.registry : registry;
    return { directory: named, name, pkg: await Package.browse(referenceTo(target), { registry: own }) };
  }
  const { root, name } = await workplace(named);
  const base = await Package.baseOf(root);
  if (base === undefined) throw notRemembered(root, "t4 verify <directory> <author>/<package>");
  return { directory: root, name, pkg: base };
}
