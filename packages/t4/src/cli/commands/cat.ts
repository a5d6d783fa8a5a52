import { Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import type { CliContext } from "../context.js";
import {
  ALLOW_LOCAL,
  type CommonOptions,
  examples,
  REGISTRY,
  TRUST_BUCKET,
  type TrustOptions,
  trusted,
} from "../options.js";
import { shownText } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]/<file>, or a path in the directory's package")
    .option(...REGISTRY)
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .addHelpText(
      "after",
      examples("t4 cat alice/weather/readme.md --registry ./registry", "cd copy && t4 cat readme.md"),
    )
    .action(async (text: string, options: CommonOptions & TrustOptions) => {
      const target = await targetOf(text, { ...options, path: "must" });
      const { path } = target;
      if (path === undefined) {
        throw new T4Error("ERR_T4_USAGE", `${text} names no file.`, {
          hint: "Add its path: <author>/<package>/<file>.",
        });
      }
      const pkg = await Package.browse(referenceTo(target), {
        registry: target.registry,
        ...trusted(options),
      });
      const chunks = pkg.entry(path).stream();
      if (context.isOutTerminal())
        await printText(context, chunks, commandLine("t4", "cat", text, ...registryWords(options.registry)));
      else for await (const chunk of chunks) await context.outBytes(chunk);
    });
};

/** A terminal gets text, with what it would obey made visible; bytes are for files and pipes. */
async function printText(context: CliContext, chunks: AsyncIterable<Uint8Array>, line: string): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    if (chunk.includes(0)) {
      throw new T4Error("ERR_T4_USAGE", "This file is not text: it is not printed on a terminal.", {
        hint: `${line} > file writes it to a file.`,
      });
    }
    context.out(shownText(decoder.decode(chunk, { stream: true })));
  }
  context.out(shownText(decoder.decode()));
}
