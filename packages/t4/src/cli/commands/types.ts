import { openLock, Package, packageTypes } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, REGISTRY } from "../options.js";
import { shownText } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

interface Options extends CommonOptions {
  readonly page?: boolean;
}

const HEADER = "// Made by t4 types; make it anew when another revision is pinned.\n";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[reference...]", "<author>/<package>[@<revision>]; default: all that t4.lock pins")
    .option(...REGISTRY)
    .option("--page", "for pages that Vite builds, where packages are files beside the page")
    .addHelpText("after", examples("t4 types > t4.d.ts", "t4 types alice/weather --registry ./registry > t4.d.ts"))
    .action(async (references: readonly string[], { registry, page = false }: Options) => {
      const lock = await openLock();
      const pinned = (await lock.pins()).map(({ name }) => name);
      let text = HEADER;
      for (const reference of references.length === 0 ? pinned : references) {
        const target = await targetOf(reference, { registry });
        // What an import gives, unless another revision is asked for.
        const isPin = target.revision === undefined && target.named === undefined && pinned.includes(target.name);
        const pkg = isPin
          ? await lock.browse(target.name)
          : await Package.browse(referenceTo(target), { registry: target.registry });
        text += await packageTypes(target.name, pkg, { target: page ? "page" : "node" });
      }
      context.out(shownText(text));
    });
};
