import { Package } from "t4";
import type { DefineCommand } from "../command.js";
import { progressLine } from "../progress.js";

interface Options {
  readonly message?: string;
  readonly registry?: string;
  readonly snapshot?: boolean;
  readonly quiet?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("<package>", "<author>/<package>")
    .argument("[directory]", "the directory", ".")
    .option("-m, --message <text>", "what this revision is")
    .option("--registry <registry>", "where the revision is kept; default: your local registry")
    .option("--snapshot", "copy the files into the registry, so that later edits cannot spoil the revision")
    .option("-q, --quiet", "no messages")
    .addHelpText("after", "\nExample:\n  t4 build alice/weather ./data -m 'Cleaned'")
    .action(async (name: string, directory: string, options: Options) => {
      const line = progressLine(context, options.quiet === true);
      const pkg = await new Package().setDir("", directory, { signal: context.signal });
      const topHash = await pkg.build(name, {
        message: options.message ?? null,
        snapshot: options.snapshot === true,
        signal: context.signal,
        onProgress: line.onProgress,
        registry: options.registry,
      });
      line.clear();
      context.out(`${topHash}\n`);
      if (options.quiet !== true) context.err(`Built ${name}. Next: t4 push ${name} ${directory} <registry> -m "…"\n`);
    });
};
