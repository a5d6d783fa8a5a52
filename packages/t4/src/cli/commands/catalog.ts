import type { DefineCommand } from "../command.js";
import { findHere } from "../here.js";
import { type CommonOptions, examples, REGISTRY, TRUST_BUCKET, wholeNumber } from "../options.js";
import { shown } from "../shown.js";

/** What the catalog's server gives this command; it is bundled beside it. */
interface CatalogServer {
  readonly startCatalog: (options: {
    readonly target: string | undefined;
    readonly registry: string | undefined;
    readonly trustBuckets: readonly string[] | undefined;
    readonly port: number | undefined;
    readonly open: boolean;
  }) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>;
}

interface Options extends CommonOptions {
  readonly trustBucket?: string[];
  readonly port?: number;
  readonly open: boolean;
}

export const define: DefineCommand = (command, { out, err, isOutTerminal, signal }) => {
  command
    .argument(
      "[registry or package]",
      "a registry, <author>/<package>[@<revision>][/<path>] or quilt+s3://…; default: the directory's package, else all registries that you know",
    )
    .option(...REGISTRY)
    .option(...TRUST_BUCKET)
    .option("--port <number>", "the port; default: one that is free", wholeNumber(0))
    .option("--no-open", "only print the address, open no browser")
    .addHelpText("after", examples("t4 catalog ./registry", "t4 catalog alice/weather --registry ./registry --no-open"))
    .action(async (words: string | undefined, { port, open, registry: named, trustBucket: trustBuckets }: Options) => {
      const base = words === undefined && named === undefined ? await findHere() : undefined;
      const target = words ?? base?.name;
      const registry = named ?? base?.registry;
      const server = new URL("./catalog/server.js", import.meta.url).href;
      const { startCatalog } = (await import(server)) as CatalogServer;
      const catalog = await startCatalog({ target, registry, trustBuckets, port, open });
      out(shown`${catalog.url}\n`);
      if (isOutTerminal()) err(shown`The address works once, in one browser. Ctrl-C ends the catalog.\n`);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await catalog.close();
    });
};
