import { Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { inDirectory, suggestNext } from "../command-line.js";
import { keyFromHere, pathFromHere, workplace } from "../here.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, QUIET } from "../options.js";
import { withProgress } from "../progress.js";
import { counted, json } from "../render.js";
import { shown } from "../shown.js";

interface Options extends CommonOptions {
  readonly mine?: boolean;
  readonly theirs?: boolean;
  readonly dir?: string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("<path...>", "files in conflict as t4 status names them, or directories with such files; . for all here")
    .option("--theirs", "take the revision's file in the place of the one here")
    .option("--mine", "the file is right as it is here, edited as need be")
    .option(
      "--dir <directory>",
      "the directory that was installed, from which paths count; default: the one around you",
    )
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples("cd copy && t4 resolve --theirs 2024/jan.csv", "t4 resolve --mine readme.md 2024 --dir copy"),
    )
    .action(async (paths: string[], options: Options) => {
      const { dir, dryRun, quiet } = options;
      const take = sideOf(options);
      const { signal } = context;
      const place = await workplace(dir);
      const wanted = dir === undefined ? paths.map((path) => keyFromHere(place, path)) : paths;
      const keys = await withProgress(context, quiet, (onProgress) =>
        Package.resolve(place.root, { keys: wanted, take, dryRun, signal, onProgress }),
      );
      if (options.json === true) context.out(json(keys));
      if (quiet === true || options.json === true) return;
      for (const key of keys) context.err(shown`${take} ${dir === undefined ? pathFromHere(place, key) : key}\n`);
      context.err(shown`${counted(keys.length, "conflict")} ${dryRun === true ? "would be settled" : "settled"}.\n`);
      suggestNext(context, inDirectory(dir ?? ".", "t4 status"));
    });
};

function sideOf({ mine = false, theirs = false }: Options): "mine" | "theirs" {
  if (mine !== theirs) return mine ? "mine" : "theirs";
  throw new T4Error("ERR_T4_USAGE", "Say whose files are right: either --theirs or --mine.", {
    hint: "t4 cat <author>/<package>@<revision>/<path> shows theirs.",
  });
}
