import { Option } from "commander";
import type { CopyPolicy, PushReport } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, inDirectory, registryWords, suggestNext } from "../command-line.js";
import { compare } from "../comparison.js";
import type { CliContext } from "../context.js";
import {
  type CommonOptions,
  chosenWorkflow,
  DRY_RUN,
  examples,
  MESSAGE,
  META,
  NO_WORKFLOW,
  QUIET,
  setChosenMeta,
  VERBOSE,
  WORKFLOW,
} from "../options.js";
import { withProgress } from "../progress.js";
import { openPushSource, type PushWords } from "../push-source.js";
import { shown } from "../shown.js";

interface Options extends CommonOptions {
  readonly force?: boolean;
  readonly dedupe?: boolean;
  readonly copy?: CopyPolicy;
  readonly dest?: string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[package]", "<author>/<package>; default: what the directory was installed or pushed as")
    .argument(
      "[directory]",
      "the directory, or objects at s3://bucket/prefix/; default: the directory around you that was installed or pushed, or .",
    )
    .argument("[registry]", "the registry, a folder or bucket; default: the directory's, your configured or local one")
    .option(...MESSAGE)
    .option(...META)
    .option("--registry <registry>", "the same as the third argument")
    .option("-f, --force", "put this directory's state on top of whatever is latest")
    .option("--dedupe", "publish nothing when files, metadata, message and workflow are those of the latest revision")
    .addOption(
      new Option(
        "--copy <which>",
        "whose bytes are copied into the registry: those that it has not, all, local files, none",
      )
        .choices(["missing", "all", "local", "none"])
        .default("missing"),
    )
    .option("--dest <directory>", "a directory in the registry that gets new files under their own names")
    .option(...WORKFLOW)
    .option(...NO_WORKFLOW)
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...VERBOSE)
    .option("--json", "print JSON in place of the top hash")
    .addHelpText(
      "after",
      examples(
        't4 push alice/weather ./data ./registry -m "First version"',
        `t4 push alice/weather ./data ./registry --meta '{"station": 7, "scale": 1.0}'`,
        'cd copy && t4 push -m "Fixed a typo"',
        "HASH=$(t4 push alice/weather ./data ./registry)",
      ),
    )
    .action(
      async (
        name: string | undefined,
        directory: string | undefined,
        registry: string | undefined,
        options: Options,
      ) => {
        await push(context, { ...options, name, directory, location: registry ?? options.registry });
      },
    );
};

type Request = Options & PushWords;

async function push(context: CliContext, request: Request): Promise<void> {
  const { quiet, dryRun, message, force, dedupe, copy, dest } = request;
  const { signal } = context;
  // Loaded beside the rest: what every start of a push parses is small.
  const { checkPushWords, isPrefix } = await import("../push-words.js");
  const { newOwner, pushJson, remember, tellOutcome, tellPlan } = await import("../push-report.js");
  checkPushWords(request);
  const source = await withProgress(context, quiet, (onProgress) => openPushSource(request, { signal, onProgress }));
  const { pkg, name, registry } = source;
  setChosenMeta(pkg, request);
  const comparison = compare(source.before, pkg);
  if (!(await tellPlan(context, { source, comparison, request }))) return;
  const options = { message, force, dedupe, copy, dest, workflow: chosenWorkflow(request), dryRun, signal };
  let report: PushReport | undefined;
  const onReport = (done: PushReport): void => void (report = done);
  const topHash = await withProgress(context, quiet, (onProgress) =>
    pkg.push(name, registry, { ...options, onProgress, onReport }),
  );
  const isRemembered = dryRun !== true && !isPrefix(source.root) && (await remember(context, source));
  const done = { source, comparison, topHash, report, dryRun, force };
  const ifLost = report?.isPublished === true ? shown`Published ${name}@${topHash}.\n` : undefined;
  context.out(request.json === true ? pushJson(done) : shown`${topHash}\n`, ifLost);
  tellOutcome(context, done, quiet);
  if (quiet === true || dryRun === true) return;
  if (isRemembered) context.err(newOwner(source));
  const { root, location } = source;
  const log = commandLine("t4", "log", name, ...registryWords(location));
  suggestNext(context, request.name === undefined ? inDirectory(root, "t4 log") : log);
}
